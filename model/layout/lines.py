"""From what the network draws to the lines of an image.

The one hard fact: nothing that the user dragged over is lost. All ink is in a line or is named as left out, and a
neighbour is left out only where the image's edge cuts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.components import SOFT_EDGE, dilated
from model.layout.cores import Cores, find_cores
from model.layout.cut_text import stand_round
from model.layout.ink_assignment import InkPixels, assign_ink, ink_pixels, mean_by, split_frames
from model.layout.layout import Layout, LeftOut, LeftOutKind, Line, LineKind, PixelBox, adjoins, overlaps, stands_at_bar
from model.layout.layout_input import BoolArray, Components, FloatArray, InputGrid, IntArray
from model.layout.maps import InkClass, LayoutMaps
from model.layout.reading_order import Piece, continues, is_in_row, join_pieces, reading_order, stands_beside

_EDGE, _EDGE_PIXELS = 0.1, 1.5  # heights of a digit, and pixels: what comes no nearer to the edge is not cut by it
_SLIVER = 0.75  # heights of a digit
_PERHAPS_WORDS = 0.25  # probability of a line that both sides of the image cut
_CLEAR = 0.5  # heights of a digit between a whole display and the sides of the image
_FAR = 1.0  # heights of a digit between a component and the core it says is its own
_SPLIT = 0.8  # heights of a digit between a formula and its number
_LEAST_ORPHAN = 0.5  # heights of a digit
_SCRIPT, _LIMIT_WIDTH, _LIMIT_GAP = 1.3, 7.0, 0.45  # heights of a digit: a limit's height, width, and way to its line
_SURE_OF_LINE, _LEAST_LIMIT = 0.5, 0.3  # heights of a digit: what a cut letter reaches down from above is flatter
_LEAST_OVERLAP = 0.1  # heights of a digit
_ROUND = 6  # pixels between a frame and the image's edges, both together
_LINES = {InkClass.FORMULA, InkClass.WORDS}
_KINDS = {InkClass.FORMULA: LineKind.FORMULA, InkClass.WORDS: LineKind.WORDS, InkClass.NUMBER: LineKind.NUMBER}


@dataclass(frozen=True)
class _Draft:
    """A line as a set of components, by number, with pieces of shared ones."""

    pixels: BoolArray  # of all pixels of ink
    ink_class: InkClass
    class_probability: float


def find_lines(
    ink: FloatArray,
    components: Components,
    maps: LayoutMaps,
    grid: InputGrid,
    digit: float,
    *,
    wanted: Sequence[PixelBox] = (),
) -> Layout:
    """Find the lines of an image.

    Args:
        ink: (height, width) in [0, 1].
        components: Of the ink, at least one.
        maps: Of the image.
        grid: How the image lies in the maps.
        digit: Estimated height of a digit in pixels.
        wanted: Boxes in pixels of the image; what lies in one is no neighbour.
    """
    return _LineFinder(ink, components, maps, grid, digit, wanted).find()


class _LineFinder:
    def __init__(
        self,
        ink: FloatArray,
        components: Components,
        maps: LayoutMaps,
        grid: InputGrid,
        digit: float,
        wanted: Sequence[PixelBox],
    ) -> None:
        self.wanted = wanted
        self.ink, self.maps, self.grid, self.digit = ink, maps, grid, digit
        self.components, self.is_frame = split_frames(components, maps, grid, digit)
        if self.is_frame.all():
            self.is_frame[:] = False
        self.pixels: InkPixels = ink_pixels(self.components, grid, maps.core.shape[1])
        self.cores: Cores = find_cores(maps.core)
        classes = maps.classes[: InkClass.FRAME].reshape(int(InkClass.FRAME), -1)
        self.class_of_pixel: FloatArray = classes[:, self.pixels.cell]  # (classes, pixels)

    def find(self) -> Layout:
        """Find lines and what is left out."""
        left_out = [
            LeftOut(LeftOutKind.FRAME, PixelBox.of_sides(box)) for box in self.components.boxes[self.is_frame].tolist()
        ]
        is_line_ink = ~self.is_frame[self.pixels.component]
        if not len(self.cores):
            return self._layout([_Draft(is_line_ink, InkClass.FORMULA, 0.0)], left_out)
        assignment = assign_ink(self.pixels, self.maps, self.cores, self.grid, len(self.components.boxes))
        astray = self._astray_neighbours(assignment.distance) & ~self.is_frame
        line_of_pixel = np.where(is_line_ink & ~astray[self.pixels.component], assignment.line, -1)
        self._adopt_orphans(line_of_pixel, assignment.is_orphan & ~astray & ~self.is_frame)
        drafts = [self._draft(line_of_pixel == line) for line in np.unique(line_of_pixel[line_of_pixel >= 0])]
        drafts = [part for draft in drafts for part in self._split_ends(draft)]
        drafts = self._without_cut_text(self._checked(drafts))
        neighbours = [draft for draft in drafts if draft.ink_class is InkClass.NEIGHBOUR]
        lines = [draft for draft in drafts if draft.ink_class is not InkClass.NEIGHBOUR]
        if not lines:
            # An image of nothing but neighbours is one that was cut tight: all of it was wanted.
            line_of_pixel = np.where(is_line_ink, assignment.line, -1)
            numbers = np.unique(line_of_pixel[line_of_pixel >= 0])
            but_not = InkClass.NUMBER if len(numbers) > 1 else InkClass.NEIGHBOUR
            lines = [self._draft(line_of_pixel == number, but_not=but_not) for number in numbers]
            return self._layout(self._with_limits(self._joined(lines)), left_out)
        boxes = [self._pixel_box(draft.pixels) for draft in lines]
        for box in [self._pixel_box(draft.pixels) for draft in neighbours] + self._clusters(astray):
            pixels = self._pixels_in(box) & is_line_ink
            place = next((place for place, line in enumerate(boxes) if self._is_part_of(box, line, lines[place])), None)
            if place is not None:
                lines[place] = replace(lines[place], pixels=lines[place].pixels | pixels)
            elif self._is_cut_limit(box, boxes):
                lines.append(self._draft(pixels, but_not=InkClass.NEIGHBOUR))
            else:
                left_out.append(LeftOut(LeftOutKind.NEIGHBOUR, box))
        return self._layout(self._with_limits(self._joined(lines)), left_out)

    def _pixels_in(self, box: PixelBox) -> BoolArray:
        x, y = self.pixels.x, self.pixels.y
        result: BoolArray = (x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom)
        return result

    def _is_part_of(self, box: PixelBox, line_box: PixelBox, line: _Draft) -> bool:
        """Say whether what the network took for a neighbour is a piece of a line by where it stands."""
        if adjoins(box, line_box, self.digit):
            return True
        strokes = self.components.boxes[np.unique(self.pixels.component[line.pixels])]
        return stands_at_bar(box, [PixelBox.of_sides(sides) for sides in strokes.tolist()], self.digit)

    def _is_cut_limit(self, box: PixelBox, lines: list[PixelBox]) -> bool:
        """Say whether what the network took for a neighbour is a limit, where a rectangle ends at the ink."""
        height, width = box.bottom - box.top, box.right - box.left
        if not _LEAST_LIMIT * self.digit <= height < _SCRIPT * self.digit or width > _LIMIT_WIDTH * self.digit:
            return False
        return any(
            line.left - self.digit <= box.left
            and box.right <= line.right + self.digit
            and max(line.top - box.bottom, box.top - line.bottom) < _LIMIT_GAP * self.digit
            for line in lines
        )

    def _with_limits(self, drafts: list[_Draft]) -> list[_Draft]:
        """Give the limits above and below an operator back to its line, where the network drew a line for them.

        A limit is set in script size, narrow, close to its line and within its width, and no sure line as a row is.
        """
        drafts = sorted(drafts, key=lambda draft: np.count_nonzero(draft.pixels))
        kept: list[_Draft] = []
        for index, draft in enumerate(drafts):
            limit = self._pixel_box(draft.pixels)
            is_script = limit.bottom - limit.top < _SCRIPT * self.digit and draft.class_probability < _SURE_OF_LINE
            for place in range(index + 1, len(drafts)):
                line = self._pixel_box(drafts[place].pixels)
                gap = max(line.top - limit.bottom, limit.top - line.bottom)
                is_within = line.left - self.digit <= limit.left and limit.right <= line.right + self.digit
                is_narrow = limit.right - limit.left <= min(_LIMIT_WIDTH * self.digit, 0.6 * (line.right - line.left))
                # Rows never reach into one another's height, whatever theirs is.
                is_near = gap < (_LIMIT_GAP if is_script else -_LEAST_OVERLAP) * self.digit
                if is_within and is_narrow and is_near and draft.ink_class is not InkClass.NUMBER:
                    drafts[place] = replace(drafts[place], pixels=draft.pixels | drafts[place].pixels)
                    break
            else:
                kept.append(draft)
        return kept

    def _checked(self, drafts: list[_Draft]) -> list[_Draft]:
        """Take for lines what cannot be a neighbour or a number by where it stands."""
        drafts = self._numbered(drafts)
        pieces = [self._piece(draft) for draft in drafts]
        lines = [piece for draft, piece in zip(drafts, pieces, strict=True) if draft.ink_class in _LINES]
        if not lines:
            # A number numbers something.
            largest = int(np.argmax([np.count_nonzero(draft.pixels) for draft in drafts]))
            if drafts[largest].ink_class is InkClass.NUMBER and len(drafts) > 1:
                drafts[largest] = self._draft(drafts[largest].pixels, but_not=InkClass.NUMBER)
                lines = [pieces[largest]]
        checked = []
        for draft, piece in zip(drafts, pieces, strict=True):
            is_line = (draft.ink_class is InkClass.NEIGHBOUR and continues(piece, lines)) or (
                draft.ink_class is InkClass.NUMBER and not stands_beside(piece, lines)
            )
            checked.append(self._draft(draft.pixels, but_not=draft.ink_class) if is_line else draft)
        return checked

    def _numbered(self, drafts: list[_Draft]) -> list[_Draft]:
        """Take a neighbour for a line where a number stands beside it and beside no other: its row was dragged over."""
        pieces = [self._piece(draft) for draft in drafts]
        classes = [draft.ink_class for draft in drafts]
        lines = [piece for piece, its_class in zip(pieces, classes, strict=True) if its_class in _LINES]
        numbers = [
            piece
            for piece, its_class in zip(pieces, classes, strict=True)
            if its_class is InkClass.NUMBER and not (lines and stands_beside(piece, lines))
        ]
        return [
            self._draft(draft.pixels, but_not=InkClass.NUMBER)
            if draft.ink_class is InkClass.NEIGHBOUR and any(is_in_row(number, piece) for number in numbers)
            else draft
            for draft, piece in zip(drafts, pieces, strict=True)
        ]

    def _without_cut_text(self, drafts: list[_Draft]) -> list[_Draft]:
        """Take the text above and below a display for neighbours, where both sides of the image cut it."""
        boxes = [self._pixel_box(draft.pixels) for draft in drafts]
        near, far = max(_EDGE * self.digit, _EDGE_PIXELS), _CLEAR * self.digit
        height, width = self.ink.shape
        is_cut = [max(box.left, width - box.right) <= near and self._may_be_neighbour(box) for box in boxes]
        words = self.class_of_pixel[InkClass.WORDS]
        lines = [place for place, draft in enumerate(drafts) if draft.ink_class in _LINES]
        texts = [
            place
            for place in lines
            if drafts[place].ink_class is InkClass.WORDS
            or (is_cut[place] and words[drafts[place].pixels].mean() > _PERHAPS_WORDS)
        ]
        displays = [boxes[place] for place in lines if place not in texts]
        cut_texts = [boxes[place] for place in texts if is_cut[place]]
        if len(cut_texts) < len(texts) or not stand_round(cut_texts, displays, (height, width), near=near, far=far):
            return drafts
        return [
            replace(draft, ink_class=InkClass.NEIGHBOUR) if place in texts else draft
            for place, draft in enumerate(drafts)
        ]

    def _astray_neighbours(self, distance: FloatArray) -> BoolArray:
        """Say which components are slices of lines whose core lies outside of the image."""
        count = len(self.components.boxes)
        probability = mean_by(self.pixels.component, self.class_of_pixel[InkClass.NEIGHBOUR], count)
        candidates = (probability > 0.5) & (distance > _FAR)
        # The dot of a cut letter comes no nearer to the edge than the letter does.
        for box in self._clusters(candidates):
            if not self._may_be_neighbour(box):
                top, bottom, left, right = self.components.boxes.T
                inside = (top >= box.top) & (bottom <= box.bottom) & (left >= box.left) & (right <= box.right)
                candidates &= ~inside
        return candidates

    def _adopt_orphans(self, line_of_pixel: IntArray, is_orphan: BoolArray) -> None:
        """Give orphans lines of their own, numbered after the others, where they are no specks."""
        _, _, lefts, rights = self.components.boxes.T
        for number, box in enumerate(self._clusters(is_orphan), len(self.cores)):
            if box.bottom - box.top < _LEAST_ORPHAN * self.digit:
                continue
            tops, bottoms = self.components.boxes[:, 0], self.components.boxes[:, 1]
            members = is_orphan & (tops >= box.top) & (bottoms <= box.bottom)
            members &= (lefts >= box.left) & (rights <= box.right)
            line_of_pixel[members[self.pixels.component]] = number

    def _clusters(self, chosen: BoolArray) -> list[PixelBox]:
        """Return boxes round components that overlap in height."""
        clusters: list[PixelBox] = []
        for box in sorted(map(PixelBox.of_sides, self.components.boxes[chosen].tolist()), key=lambda box: box.top):
            if clusters and box.top < clusters[-1].bottom:
                clusters[-1] = clusters[-1].union(box)
            else:
                clusters.append(box)
        return clusters

    def _draft(self, pixels: BoolArray, *, but_not: InkClass | None = None) -> _Draft:
        mass = self.class_of_pixel[:, pixels].mean(axis=1)
        # Between two kinds of line in doubt, it is a line all the same.
        if mass[InkClass.NEIGHBOUR] <= 0.5 or not self._may_be_neighbour(self._pixel_box(pixels)):
            mass[InkClass.NEIGHBOUR] = 0.0
        if but_not is not None:
            mass[[but_not, InkClass.NEIGHBOUR]] = 0.0
        best = InkClass(int(mass.argmax()))
        return _Draft(pixels, best, float(mass[best]))

    def _split_ends(self, draft: _Draft) -> Iterator[_Draft]:
        """Take a number off the end of a formula, and what the edge cuts off any line, where the core runs on."""
        for at_right in (True, False):
            for ink_class in (InkClass.NUMBER, InkClass.NEIGHBOUR):
                if draft.ink_class is ink_class or (ink_class is InkClass.NUMBER and draft.ink_class is InkClass.WORDS):
                    continue
                end = self._end_of_class(draft, ink_class, at_right=at_right)
                if end is not None:
                    rest = draft.pixels & ~end
                    yield self._draft(end)
                    draft = self._draft(rest)
        yield draft

    def _end_of_class(self, draft: _Draft, ink_class: InkClass, *, at_right: bool) -> BoolArray | None:
        """Return the pixels at an end that are of another class than the rest; None where there are none."""
        numbers = np.unique(self.pixels.component[draft.pixels])
        boxes = self.components.boxes[numbers]
        count = len(self.components.boxes)
        probability = mean_by(self.pixels.component, self.class_of_pixel[ink_class], count)[numbers]
        starts, ends = (boxes[:, 2], boxes[:, 3]) if not at_right else (-boxes[:, 3], -boxes[:, 2])
        order = starts.argsort(kind="stable")
        reach, taken = -np.inf, 0
        for place, index in enumerate(order):
            if place and starts[index] - reach >= _SPLIT * self.digit:
                taken = place
            if probability[index] <= 0.5 and ends[index] - starts[index] > 0.15 * self.digit:
                break
            reach = max(reach, float(ends[index]))
        else:
            return None
        if not taken:
            return None
        end: BoolArray = draft.pixels & np.isin(self.pixels.component, numbers[order[:taken]])
        box = self._pixel_box(end)
        if ink_class is InkClass.NEIGHBOUR and not self._may_be_neighbour(box):
            return None
        return end

    def _joined(self, drafts: list[_Draft]) -> list[_Draft]:
        """Put the pieces of each row together."""
        groups = join_pieces([self._piece(draft) for draft in drafts])
        return [
            drafts[group[0]]
            if len(group) == 1
            else self._draft(np.any([drafts[index].pixels for index in group], axis=0), but_not=InkClass.NEIGHBOUR)
            for group in groups
        ]

    def _piece(self, draft: _Draft) -> Piece:
        box = self._pixel_box(draft.pixels)
        left, start, right, end = (side / self.digit for side in self._core_line(draft, box))
        kind = _KINDS.get(draft.ink_class, LineKind.FORMULA)
        ink_left, top, ink_right, bottom = (side / self.digit for side in box)
        left, right = np.clip((left, right), ink_left, ink_right).tolist()  # an end shares its core with the rest
        has_core = bool(self.cores.labels.ravel()[self.pixels.cell[draft.pixels]].any())
        return Piece(kind, left, right, top, bottom, start, end, ink_left, ink_right, has_core)

    def _core_line(self, draft: _Draft, box: PixelBox) -> tuple[float, float, float, float]:
        """Return x and y in pixels of both ends of the middle of a line's core."""
        touched = self.cores.labels.ravel()[self.pixels.cell[draft.pixels]]
        sizes = np.bincount(touched, minlength=len(self.cores) + 1)[1:]
        if not sizes.any():
            middle = (box.top + box.bottom) / 2
            return box.left, middle, box.right, middle
        core = int(sizes.argmax())
        own = np.flatnonzero(sizes)
        left, right = self.cores.left[own].min(), self.cores.right[own].max()
        cells = np.array([left, right], dtype=np.float64)
        heights = self.cores.middle[core] + self.cores.slope[core] * (cells - self.cores.left[core])
        (start_x, end_x), (start, end) = self.grid.from_cells(cells).tolist(), self.grid.from_cells(heights).tolist()
        return start_x, start, end_x, end

    def _layout(self, drafts: list[_Draft], left_out: list[LeftOut]) -> Layout:
        order = reading_order([self._piece(draft) for draft in drafts])
        is_whole = len(drafts) == 1 and not left_out
        lines = [self._line(drafts[index], is_whole=is_whole) for index in order]
        return Layout(tuple(lines), tuple(left_out), self.digit)

    def _line(self, draft: _Draft, *, is_whole: bool) -> Line:
        box = self._pixel_box(draft.pixels)
        height, width = self.ink.shape
        grown = PixelBox(
            max(0, box.left - SOFT_EDGE), max(0, box.top - SOFT_EDGE),
            min(width, box.right + SOFT_EDGE), min(height, box.bottom + SOFT_EDGE),
        )  # fmt: skip
        place = (slice(grown.top, grown.bottom), slice(grown.left, grown.right))
        own_ink = self.ink[place]
        if not is_whole:
            own = np.zeros(own_ink.shape, dtype=bool)
            own[self.pixels.y[draft.pixels] - grown.top, self.pixels.x[draft.pixels] - grown.left] = True
            others = (self.components.labels[place] > 0) & ~own
            # What is in no component, a faint point for one, is the line's that it lies in, or another's soft edge.
            own_ink = own_ink * (dilated(own, SOFT_EDGE) & ~others | ~dilated(others, SOFT_EDGE))
        _, start, _, end = self._core_line(draft, box)
        touched = np.unique(self.cores.labels.ravel()[self.pixels.cell[draft.pixels]])
        touched = touched[touched > 0] - 1
        certainty = float(self.cores.confidence[touched].mean()) if len(touched) else 0.0
        return Line(
            kind=_KINDS.get(draft.ink_class, LineKind.FORMULA),
            box=grown,
            ink=own_ink.astype(np.float32),
            baseline=(start + end) / 2,
            is_block=bool(self.maps.block.ravel()[self.pixels.cell[draft.pixels]].mean() > 0.5),
            confidence=certainty * draft.class_probability,
        )

    def _pixel_box(self, pixels: BoolArray) -> PixelBox:
        x, y = self.pixels.x[pixels], self.pixels.y[pixels]
        return PixelBox(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)

    def _may_be_neighbour(self, box: PixelBox) -> bool:
        """Say whether the image's edge cuts what lies there, and the user does not want it all the same."""
        if any(overlaps(box, one) for one in self.wanted):
            return False
        height, width = self.ink.shape
        if box.right - box.left + _ROUND >= width and box.bottom - box.top + _ROUND >= height:
            return False  # it is round all else, as the frame of `\\boxed` is
        distance = min(box.left, box.top, width - box.right, height - box.bottom)
        # Ink that is cut touches the edge; a row of full height that ends a pixel before it was dragged over whole.
        is_sliver = box.bottom - box.top < _SLIVER * self.digit
        return bool(distance <= (max(_EDGE * self.digit, _EDGE_PIXELS) if is_sliver else 0))
