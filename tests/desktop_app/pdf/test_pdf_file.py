"""PDF files of every kind that a user may have: they are shown, or refused in one sentence."""

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PySide6.QtCore import QRectF

from desktop_app.pdf import pdf_file
from desktop_app.pdf.pdf_file import PdfError, PdfFile
from desktop_app.recognition.recogniser_worker import to_rgb_array
from tests.end_to_end.snip_session import FORMULAS

PAGE = FORMULAS / "page.pdf"
# The standard encryption with a user's password, which the keys in it do not let anyone guess.
LOCKED = b"""%%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
3 0 obj
<< /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >>
endobj
trailer
<< /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>
""" % (b"ab" * 32, b"cd" * 32)


def wanted() -> bool:
    return True


def whole(file: PdfFile) -> QRectF:
    size = file.page_size(0)
    return QRectF(0, 0, size.width(), size.height())


def empty_document(path: Path, pages: int, side: float = 300.0) -> Path:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(side, side).close()
    document.save(path)
    document.close()
    return path


def test_part_of_a_page_is_that_part_at_any_resolution() -> None:
    # A region that is a point off cuts a symbol in half.
    file = PdfFile(PAGE)
    page = to_rgb_array(file.draw(0, whole(file), 2.0, wanted) or pytest.fail("nothing was drawn"))
    part = to_rgb_array(file.draw(0, QRectF(100, 50, 120, 80), 2.0, wanted) or pytest.fail("nothing was drawn"))
    assert part.shape == (160, 240, 3)
    # PDFium draws a letter that the edge cuts a little otherwise; one pixel off, the difference would be above 10.
    assert np.abs(part.astype(int) - page[100:260, 200:440]).mean() < 0.5
    assert part.std() > 10
    fine = to_rgb_array(file.draw(0, QRectF(100, 50, 120, 80), 8.0, wanted) or pytest.fail("nothing was drawn"))
    coarse = fine.reshape(160, 4, 240, 4, 3).mean(axis=(1, 3))
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    differences = [np.abs(np.roll(coarse, step, axis=(0, 1)) - part).mean() for step in steps]
    assert steps[int(np.argmin(differences))] == (0, 0)
    file.close()


def test_protected_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "exam.pdf").write_bytes(LOCKED)
    with pytest.raises(PdfError, match=r"^exam\.pdf is protected by a password; Snaptex can't open it\.$"):
        PdfFile(tmp_path / "exam.pdf")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), b"no document at all"])
def test_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(content)
    with pytest.raises(PdfError, match=r"^notes\.pdf can't be read; it may be damaged\.$"):
        PdfFile(tmp_path / "notes.pdf")


def test_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"^gone\.pdf can't be read"):
        PdfFile(tmp_path / "gone.pdf")


def test_thousands_of_pages_are_not_read_before_they_are_shown(tmp_path: Path) -> None:
    file = PdfFile(empty_document(tmp_path / "book.pdf", 5000))
    assert file.page_count == 5000
    image = file.draw(4999, whole(file), 1.0, wanted)
    assert image is not None
    assert image.width() == 300
    file.close()


def test_image_of_a_huge_page_has_bounds(tmp_path: Path) -> None:
    # The largest page that a PDF may have; at the resolution of reading it would have 2.5 thousand million pixels.
    file = PdfFile(empty_document(tmp_path / "poster.pdf", 1, side=14400.0))
    image = file.draw(0, whole(file), 250 / 72, wanted)
    assert image is not None
    assert 10_000_000 < image.width() * image.height() <= 24_100_000
    line = file.draw(0, QRectF(0, 100, 14400, 1), 250 / 72, wanted)
    assert line is not None
    assert (line.width(), line.height()) == (30_000, 2)
    file.close()


def test_page_that_nobody_waits_for_is_given_up() -> None:
    file = PdfFile(PAGE)
    assert file.draw(0, whole(file), 2.0, lambda: False) is None
    file.close()


def test_page_that_takes_too_long_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "_MAXIMUM_SECONDS", -1.0)
    file = PdfFile(PAGE)
    with pytest.raises(PdfError, match=r"^Page 1 of page\.pdf takes too long to draw\.$"):
        file.draw(0, whole(file), 2.0, wanted)
    file.close()


def test_page_that_is_not_there_is_refused_in_a_sentence() -> None:
    file = PdfFile(PAGE)
    with pytest.raises(PdfError, match=r"^Page 3 of page\.pdf is damaged and can't be shown\.$"):
        file.draw(2, QRectF(0, 0, 10, 10), 2.0, wanted)
    file.close()
