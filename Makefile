PYTHON3 ?= python3
ARGS ?=

.PHONY: help run test check newcomer evaluate bench mutants chaos fuzz sbom lock clean

help:
	@echo "make run       start 小狐帮助中心 (sets up what it needs); DATA=… another company's folder"
	@echo "               SANDBOX=1: with a wallet to try, and a link as each of its customers"
	@echo "make test      run every test; ARGS=\"-k …\" narrows it, ARGS=--durations=50 lists the slowest,"
	@echo "               JOBS=…: so many parts side by side; THOROUGH=1: with the long forms of what chance tries"
	@echo "make check     format, lint, types, content; lint, types and tests of the scripts"
	@echo "make newcomer  what a newcomer does, in a fresh clone with environments of its own"
	@echo "make evaluate  how often the right FAQ comes first; FILES=… for other files, ARGS=--quick,"
	@echo "               PACK=… for another company: its folder, or its table; ARGS=--encoder"
	@echo "make bench     timings as ratios"
	@echo "make mutants   how many of 300 small faults in the code the tests notice; COUNT=… for another number,"
	@echo "               ARGS='--minutes 20' to stop then"
	@echo "make chaos     kills and stops processes under customers; counts what is lost, doubled, owed"
	@echo "make fuzz      10,000 made-up requests against the API's document; CASES=… for another number"
	@echo "make sbom      bills of material of both environments (CycloneDX), in var/sbom"
	@echo "make lock      resolve requirements/*.in anew"

run:
	@$(if $(DATA),XIAOHU_DATA="$(abspath $(DATA))" XIAOHU_VAR="$${XIAOHU_VAR:-$(CURDIR)/var/$(notdir $(patsubst %/,%,$(DATA)))}") $(PYTHON3) -m start

test:
	@$(if $(THOROUGH),THOROUGH=$(THOROUGH)) $(PYTHON3) -m start.suite $(ARGS)

check: .setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	@$(PYTHON3) -m start.scripts
	.venv/bin/python -W ignore::SyntaxWarning -m faq check

newcomer: .setup
	.venv/bin/python -m tests.newcomer

evaluate: .setup
ifdef PACK
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.packs $(PACK) $(ARGS)
else
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.accuracy $(FILES) $(ARGS)
endif

bench: .setup
	@uv=$$($(PYTHON3) -c "from start.environments import find_uv; print(find_uv())" | tail -1) && \
	$$uv pip install --quiet --no-deps --require-hashes --python .venv -r requirements/bench.lock
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -W ignore::SyntaxWarning -m benchmarks.lookup
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -W ignore::SyntaxWarning -m benchmarks.whole_query
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -W ignore::SyntaxWarning -m benchmarks.live_edit 100 1000
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.desk
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.history
	OPENBLAS_NUM_THREADS=1 .venv/bin/python -W ignore::SyntaxWarning -m benchmarks.turn_cost
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.streams
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.starvation --probes 200
	.venv-bot/bin/python -W ignore::SyntaxWarning -m benchmarks.bot_turns

mutants: .setup
	.venv/bin/python -W ignore::SyntaxWarning -m benchmarks.mutants $(COUNT) $(ARGS)

chaos: .setup
	.venv/bin/python -W ignore::SyntaxWarning -m tests.chaos $(ARGS)

fuzz: .setup
	.venv/bin/python -W ignore::SyntaxWarning -m tests.attacks.fuzz $(CASES)

sbom: .setup
	@mkdir -p var/sbom; uv=$$($(PYTHON3) -c "from start.environments import find_uv; print(find_uv())" | tail -1) && \
	for side in web bot; do \
	  $$uv run --quiet --no-project --isolated --python .venv/bin/python --with-requirements requirements/sbom.lock \
	    cyclonedx-py requirements --output-reproducible --validate -o var/sbom/$$side.json requirements/$$side.lock && \
	  echo "var/sbom/$$side.json" || exit 1; \
	done

lock:
	@$(PYTHON3) -m start.locks

clean:
	rm -rf var .venv .venv-bot .uv node_modules

.PHONY: .setup
.setup:
	@$(PYTHON3) -c "from start.environments import ensure; ensure(tests=True)"
