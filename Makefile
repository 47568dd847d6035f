# Each target sets up what it needs: system packages where apt may install them, and a virtual environment in .venv.
# A stamp file makes the second time quick; a change of pyproject.toml or of the lock file sets up again.

.DEFAULT_GOAL := run
.PHONY: run test hostile test-data check train systems evaluate bench bench-against screenshots translations clean

VENV := .venv
# Where a virtual environment has its programs.
BIN := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
PYTHON_OF_VENV := $(VENV)/$(BIN)/python
# The first interpreter that is new enough; looked up late, because the set-up may install one.
FIND_PYTHON = for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done

include packaging/packaging.mk

run: $(VENV)/run.stamp
	$(VENV)/$(BIN)/snaptex

# Two processes: each loads PyTorch and has displays of its own. A module's tests stay together.
TEST_PROCESSES ?= 2

test: $(VENV)/test.stamp
	$(PYTHON_OF_VENV) -m pytest -n $(TEST_PROCESSES) --dist loadfile -m "not tex and not bundle"

# What nobody should do to the program, with fixed seeds; `make hostile SHARE=0.1` tries a tenth of it.
SHARE ?= 1

hostile: $(VENV)/test.stamp
	$(PYTHON_OF_VENV) -m tests.hostile --share $(SHARE)

test-data: $(VENV)/typesetting.stamp
	$(PYTHON_OF_VENV) -m pytest -m tex

check: $(VENV)/dev.stamp
	$(VENV)/$(BIN)/ruff check
	$(VENV)/$(BIN)/ruff format --check
	$(VENV)/$(BIN)/mypy
	$(VENV)/$(BIN)/pre-commit validate-config
	$(VENV)/$(BIN)/deptry .

# Formulas, one a line, become a data set, then images, then a run folder; each step goes on where it was stopped.
FORMULAS ?=
WORKERS ?= $(shell nproc)

train: $(VENV)/typesetting.stamp
	@[ -n "$(FORMULAS)" ] || { echo "Say what to train on: make train FORMULAS='file.txt ...'" >&2; exit 2; }
	$(PYTHON_OF_VENV) -m model.data_preparation.build_dataset $(FORMULAS) --out data/dataset --workers $(WORKERS)
	for split in train validation; do \
		$(PYTHON_OF_VENV) -m model.data_preparation.render_formulas data/dataset/$$split.jsonl data/images/$$split \
			--workers $(WORKERS) || exit; done
	$(PYTHON_OF_VENV) -m model.training.train data/images/train --validation data/images/validation \
		--vocabulary data/dataset/vocabulary.json --run runs/recogniser

# Every architecture is trained for BUDGET minutes of processor time on the same images, of short formulas in one font, and
# written about in docs/systems.md. Without FORMULAS the images in SYSTEMS_DATA are taken, as prepare_labelled makes them.
# It goes on where it was stopped; AT_ONCE=2 trains two side by side, DEVICE=cuda takes the full sizes, REDUCTION=1 images of
# full height.
BUDGET ?= 30
AT_ONCE ?= 1
DEVICE ?= cpu
SYSTEMS_DATA ?= data/systems
SYSTEMS_IMAGES ?= 40000
SYSTEMS_DPI ?= 100
SYSTEMS_HELD_OUT ?= 1000

systems: $(VENV)/dev.stamp $(if $(FORMULAS),$(VENV)/typesetting.stamp)
	@[ -n "$(FORMULAS)" ] || [ -d $(SYSTEMS_DATA)/images/train ] || { \
		echo "Say what to train on: make systems FORMULAS='file.txt ...'" >&2; exit 2; }
	[ -z "$(FORMULAS)" ] || $(PYTHON_OF_VENV) -m model.data_preparation.build_dataset $(FORMULAS) \
		--out $(SYSTEMS_DATA)/dataset --workers $(WORKERS) --maximum-tokens 40
	[ -z "$(FORMULAS)" ] || for split in train validation test; do \
		[ $$split = train ] && images=$(SYSTEMS_IMAGES) || images=$(SYSTEMS_HELD_OUT); \
		$(PYTHON_OF_VENV) -m model.data_preparation.render_formulas $(SYSTEMS_DATA)/dataset/$$split.jsonl \
			$(SYSTEMS_DATA)/images/$$split --workers $(WORKERS) --typesetter tex --fonts cm --dpi $(SYSTEMS_DPI) \
			--limit $$images || exit; done
	nice $(PYTHON_OF_VENV) -m model.comparison.compare_systems $(SYSTEMS_DATA) --budget $(BUDGET) --device $(DEVICE) \
		--at-once $(AT_ONCE) $(if $(REDUCTION),--reduction $(REDUCTION)) \
		--out build/systems --document docs/systems.md --command '$(strip make systems $(MAKEOVERRIDES))'

# Formulas that training has not seen, drawn by TeX, browsers and PDF renderers, are read with the bundled weights.
# Only npm's packages are fetched; where they can't be, the sets that need them are left out.
EVALUATION_SAMPLE ?= tests/data/evaluation_formulas.jsonl
EVALUATION_PASSAGES ?= tests/data/page_passages.txt
EVALUATION ?= build/evaluation
WEIGHTS ?= resources/weights.safetensors
VOCABULARY ?= resources/vocabulary.json
# Further options: `make evaluate SETS="--screen-formulas-per-group 60" READING="--beam 3"`.
SETS ?=
READING ?=

evaluate: $(VENV)/typesetting.stamp $(VENV)/test.stamp
	packaging/system_packages evaluation
	[ -d $(EVALUATION)/web/node_modules/mathjax ] || \
		npm install --silent --no-audit --no-fund --prefix $(EVALUATION)/web katex@0.16.47 mathjax@3.2.2 || \
		echo "KaTeX and MathJax can't be fetched: their screens are left out." >&2
	$(PYTHON_OF_VENV) -m model.evaluation.make_sets $(EVALUATION_SAMPLE) $(EVALUATION)/sets \
		--modules $(EVALUATION)/web/node_modules --passages $(EVALUATION_PASSAGES) $(SETS)
	$(PYTHON_OF_VENV) -m model.evaluation.evaluate $(WEIGHTS) $(VOCABULARY) $(EVALUATION)/sets --out $(EVALUATION) \
		--document docs/accuracy.md --sheet docs/accuracy-examples.png \
		--command '$(strip make evaluate $(MAKEOVERRIDES))' $(READING)

bench: $(VENV)/test.stamp
	$(PYTHON_OF_VENV) -m tests.benchmarks.recognition_speed
	$(PYTHON_OF_VENV) -m tests.benchmarks.service resources/weights.safetensors resources/vocabulary.json
	$(PYTHON_OF_VENV) -m tests.benchmarks.responsiveness
	$(PYTHON_OF_VENV) -m tests.benchmarks.history_search
	$(PYTHON_OF_VENV) -m tests.benchmarks.snip_time

# How many times faster than another commit, which is checked out beside: make bench-against COMMIT=v0.1.0
bench-against: $(VENV)/test.stamp
	[ -n "$(COMMIT)" ] || { echo "Say which: make bench-against COMMIT=..." >&2; exit 2; }
	rm -rf build/bench && git worktree prune && git worktree add --detach build/bench $(COMMIT)
	$(PYTHON_OF_VENV) -m tests.benchmarks.recognition_speed --against build/bench $(BENCH); \
		status=$$?; git worktree remove --force build/bench; exit $$status

screenshots: $(VENV)/test.stamp
	$(PYTHON_OF_VENV) -m tests.end_to_end.take_screenshots docs
	for scale in 100 200; do \
		$(PYTHON_OF_VENV) -m tests.desktop_app.take_window_screenshots docs/screenshots --scale $$scale || exit; done

# The texts are edited in resources/translations/*.ts; what is new in the code stands there as unfinished.
# English has a file for its plurals alone.
LANGUAGES = $(filter-out en,$(patsubst resources/translations/snaptex_%.ts,%,$(wildcard resources/translations/*.ts)))
TRANSLATED = $(sort $(wildcard desktop_app/*.py desktop_app/*/*.py))

translations: $(VENV)/dev.stamp
	for language in $(LANGUAGES); do \
		$(VENV)/$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none $(TRANSLATED) -source-language en \
			-target-language $$language -ts resources/translations/snaptex_$$language.ts || exit; done
	$(VENV)/$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none -pluralonly $(TRANSLATED) \
		-source-language en -target-language en -ts resources/translations/snaptex_en.ts
	for text in resources/translations/*.ts; do \
		$(VENV)/$(BIN)/pyside6-lrelease -silent $$text -qm $${text%.ts}.qm || exit; done

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/pyvenv.cfg: packaging/system_packages
	packaging/system_packages run
	python=$$($(FIND_PYTHON)); \
	[ -n "$$python" ] || { echo "Snaptex needs Python 3.11 or newer; none was found." >&2; exit 1; }; \
	$$python -m venv $(VENV)
	touch $@

# The versions of the lock file, which the bundle has too; without hashes, for a wheel of PyTorch may be the system's own.
$(VENV)/versions.txt: packaging/packages.lock | $(VENV)/pyvenv.cfg
	sed -n 's/^\([^ #-][^ ]*==.*[^ ]\) *\\$$/\1/p' $< > $@

$(VENV)/run.stamp: pyproject.toml $(VENV)/versions.txt
	$(PYTHON_OF_VENV) -m pip install --quiet --constraint $(VENV)/versions.txt --editable .
	touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/versions.txt
	packaging/system_packages dev
	$(PYTHON_OF_VENV) -m pip install --quiet --constraint $(VENV)/versions.txt --editable '.[dev]'
	touch $@ $(VENV)/run.stamp

$(VENV)/test.stamp: packaging/system_packages $(VENV)/dev.stamp
	packaging/system_packages run test
	touch $@

$(VENV)/typesetting.stamp: packaging/system_packages $(VENV)/dev.stamp
	packaging/system_packages run typesetting
	touch $@
