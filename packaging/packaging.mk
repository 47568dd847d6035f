# What is released: the bundle, its archive, Debian package and single file, the wheel, and what describes them.
# Included by the Makefile; PYTHON_OF_VENV, VENV and BIN come from there.

.PHONY: bundle test-bundle archive deb test-deb single-file test-single-file wheel test-wheel sbom checksums \
	check-tag release-notes unpack-archive try-bundle lock audit compare-bundles

PACKAGING := packaging
# Outside of the tree: it is large, and what is built from the lock file never mixes with the developers' own.
BUNDLE_VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/snaptex-bundle
RELEASE_VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/snaptex-release
PYTHON_OF_BUNDLE := $(BUNDLE_VENV)/$(BIN)/python
PYTHON_OF_RELEASE := $(RELEASE_VENV)/$(BIN)/python
BUNDLE := dist/snaptex
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

# The lock file is made for this Python.
FIND_PYTHON_OF_BUNDLE = for python in python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2> /dev/null && echo $$python && break; done

# Two builds of one commit carry the same times and the same order of names.
BUILD_ENVIRONMENT = PYTHONHASHSEED=0 SOURCE_DATE_EPOCH=$(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct))

bundle: $(BUNDLE_VENV)/lock.stamp
	$(BUILD_ENVIRONMENT) $(PYTHON_OF_BUNDLE) -m PyInstaller --noconfirm --log-level WARN \
		--workpath build --distpath dist pyinstaller.spec
	$(PYTHON_OF_BUNDLE) $(PACKAGING)/bundle_report.py $(BUNDLE)

$(BUNDLE)/snaptex:
	$(MAKE) bundle

# Builds the bundle only where there is none: `make bundle test-bundle` builds and tests.
test-bundle: $(VENV)/test.stamp $(BUNDLE)/snaptex
	packaging/system_packages test-bundle
	SNAPTEX_BUNDLE=$(BUNDLE) $(PYTHON_OF_VENV) -m pytest -m bundle tests/bundle
	$(PYTHON_OF_VENV) -m tests.bundle.measure_start $(BUNDLE)

archive: $(BUNDLE_VENV)/lock.stamp $(BUNDLE)/snaptex
	$(PYTHON_OF_BUNDLE) $(PACKAGING)/pack_archive.py $(BUNDLE)

deb: $(BUNDLE_VENV)/lock.stamp $(BUNDLE)/snaptex
	packaging/system_packages deb
	$(PACKAGING)/check_linux_files
	$(PYTHON_OF_BUNDLE) $(PACKAGING)/build_deb.py $(BUNDLE)

# Installs, tries and removes the package in a fresh Debian under build/; needs root.
test-deb: deb
	packaging/system_packages test-deb
	$(PACKAGING)/try_deb_in_chroot dist/snaptex_$(VERSION)_$$(dpkg --print-architecture).deb "$$($(READ_BY_BUNDLE))"

single-file: $(BUNDLE_VENV)/lock.stamp $(BUNDLE)/snaptex
	$(PYTHON_OF_BUNDLE) $(PACKAGING)/build_single_file.py $(BUNDLE)

test-single-file: single-file
	$(PACKAGING)/try_single_file dist/snaptex-$(VERSION)-linux-*.run "$$($(READ_BY_BUNDLE))"

wheel: $(RELEASE_VENV)/lock.stamp
	rm -f dist/snaptex-*.whl
	$(BUILD_ENVIRONMENT) $(PYTHON_OF_RELEASE) -m build --wheel --no-isolation --outdir dist .

test-wheel: wheel $(VENV)/run.stamp
	$(PACKAGING)/try_wheel dist/snaptex-$(VERSION)-py3-none-any.whl \
		"$$($(PYTHON_OF_VENV) -m desktop_app recognise $(FRACTION))"

sbom: $(BUNDLE_VENV)/lock.stamp $(RELEASE_VENV)/lock.stamp
	$(PYTHON_OF_RELEASE) $(PACKAGING)/build_sbom.py $(PYTHON_OF_BUNDLE)

checksums:
	cd dist && sha256sum $$(find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' | sort | sed 's|^\./||') > SHA256SUMS
	cat dist/SHA256SUMS

release-notes:
	@python3 $(PACKAGING)/changelog_section.py CHANGELOG.md $(VERSION)

# A tag that names another version than pyproject.toml would release the wrong one.
check-tag:
	[ "$(TAG)" = "v$(VERSION)" ] || { echo "The tag $(TAG) does not fit the version $(VERSION)." >&2; exit 1; }

unpack-archive:
	tar --use-compress-program='zstd --long=27' --directory=dist --extract \
		--file=$$(echo dist/snaptex-$(VERSION)-linux-*.tar.zst)

# The least that a bundle must do, on any system.
TRIED = $(BUNDLE)/snaptex$(if $(filter Windows_NT,$(OS)),.exe)
FRACTION := tests/end_to_end/formulas/fraction.png
READ_BY_BUNDLE = $(TRIED) recognise $(FRACTION)
try-bundle:
	$(TRIED) --version
	$(READ_BY_BUNDLE) | grep frac
	$(TRIED) doctor

# Builds a second time and lists the files that differ.
compare-bundles: $(BUNDLE)/snaptex
	$(BUILD_ENVIRONMENT) $(PYTHON_OF_BUNDLE) -m PyInstaller --noconfirm --log-level WARN --clean \
		--workpath build/second --distpath build/second/dist pyinstaller.spec
	$(PYTHON_OF_BUNDLE) $(PACKAGING)/compare_bundles.py $(BUNDLE) build/second/dist/snaptex

# One resolution for development, tests, bundle and release; what the last two install are parts of it.
# The newest versions: make lock UPGRADE=--upgrade
UPGRADE ?=
RESOLVE = $(RELEASE_VENV)/$(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header
lock: $(RELEASE_VENV)/lock.stamp
	$(RESOLVE) --extra dev --output-file $(PACKAGING)/packages.lock pyproject.toml $(PACKAGING)/bundle.in \
		$(PACKAGING)/release.in
	$(RESOLVE) --constraint $(PACKAGING)/packages.lock --extra server --output-file $(PACKAGING)/bundle.lock \
		pyproject.toml $(PACKAGING)/bundle.in
	$(RESOLVE) --constraint $(PACKAGING)/packages.lock --output-file $(PACKAGING)/release.lock $(PACKAGING)/release.in

# Known faults of any locked version, as PyPI has them; one that can't be looked up counts as one.
audit: $(RELEASE_VENV)/lock.stamp
	$(PYTHON_OF_RELEASE) -m pip_audit --strict --disable-pip --require-hashes --progress-spinner off \
		--requirement $(PACKAGING)/packages.lock

$(BUNDLE_VENV)/lock.stamp: $(PACKAGING)/bundle.lock
	packaging/system_packages run bundle
	python=$$($(FIND_PYTHON_OF_BUNDLE)); \
	[ -n "$$python" ] || { echo "A bundle is built with Python 3.11; none was found." >&2; exit 1; }; \
	$$python -m venv --clear $(BUNDLE_VENV)
	$(PYTHON_OF_BUNDLE) -m pip install --quiet --require-hashes -r $<
	touch $@

$(RELEASE_VENV)/lock.stamp: $(PACKAGING)/release.lock
	python=$$($(FIND_PYTHON_OF_BUNDLE)); \
	[ -n "$$python" ] || { echo "A release is made with Python 3.11; none was found." >&2; exit 1; }; \
	$$python -m venv --clear $(RELEASE_VENV)
	$(PYTHON_OF_RELEASE) -m pip install --quiet --require-hashes -r $<
	touch $@
