# Two commands from nothing but Python and make:
#   make edition   set up, validate the documents, build the edition into build/
#   make test      set up, check style and types, run the tests

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: edition test check format clean

edition: $(VENV)/installed
	$(BIN)/edition validate
	$(BIN)/edition validate --schema schema/edition.xsd
	$(BIN)/edition build

# Under CI=true everything runs, outside referees too, and nothing may skip.
test: check
	$(BIN)/python -m pytest $(if $(filter true,$(CI)),,-m "not slow") -n 2 --dist loadfile

check: $(VENV)/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/created:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: pyproject.toml | $(VENV)/created
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[print]'
	touch $@

$(VENV)/installed-test: pyproject.toml | $(VENV)/created
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@ $(VENV)/installed

clean:
	rm -rf build $(VENV)
