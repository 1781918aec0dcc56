# make film: the example show's film.  make test: all tests.  make bench: all figures.  make gallery: its pictures.
SHELL := /bin/sh
RUN := .venv/bin

.PHONY: film test lint bench gallery extension lock clean

film:
	@./setup.sh film
	@$(RUN)/cardstunt film opening_night -o build/opening_night.mp4

test: lint
	@$(RUN)/python -m pytest -n 2 --dist loadfile

lint:
	@./setup.sh dev
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@rm -rf build/lib build/mypy
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --target build/mypy --upgrade .
	@MYPYPATH=build/mypy $(RUN)/mypy --strict -p cardstunt.kernels -p cardstunt.scenes

bench:
	@./setup.sh dev
	@$(RUN)/python benchmarks/run.py

gallery:
	@./setup.sh film
	@$(RUN)/python docs/gallery/make.py

extension:
	@./setup.sh dev
	@$(RUN)/python -m cardstunt.blender_addon.package_extension

clean:
	rm -rf build dist wheels
