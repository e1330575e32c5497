# Everything a person types. `make help` lists the commands; each installs what it needs.

PORT ?= 8000
HOST ?= 127.0.0.1
PHOTOS ?= demo/photos
VENV := .venv
BIN := $(VENV)/bin
BOOTSTRAP = sh .ci/bootstrap $(VENV)

.DEFAULT_GOAL := help
.PHONY: help demo install test services bench bench-peers bench-quality bench-family bench-storefront bench-review bench-backfill bench-serving bench-growth season chaos fuzz contact-sheet screenshots languages compatibility lint lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## Open the demo shop on PORT (8000); with CHECK=1 do the main job and report
	@$(BIN)/python -m shop.demo --host $(HOST) --port $(PORT) $(if $(CHECK),--check)

install: $(VENV)/.everything ## Create .venv with everything, torch and the test tools included

test: install ## Install and run the whole test suite; ARGS="-k colour" for a part of it
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

services: ## Start PostgreSQL, Redis and RabbitMQ on loopback; install Chromium, gettext (Debian, root)
	@.ci/services

bench: install ## Print speed and memory beside the codec floor; ARGS="--large" for 24 megapixels too
	@$(BIN)/python -m benchmarks.speed $(ARGS)

bench-peers: install ## Time the networks and closed forms that others recolour with beside ours (a few minutes)
	@$(BIN)/python -m benchmarks.peers

bench-quality: install ## Print quality beside peers; DATA=, TRUTH=, DEMO_TRUTH= folders (docs/quality.md)
	@$(BIN)/python -m benchmarks.quality $(if $(DATA),--data $(DATA)) $(if $(TRUTH),--truth $(TRUTH)) \
		$(if $(DEMO_TRUTH),--demo-truth $(DEMO_TRUTH)) $(ARGS)

bench-family: install ## Train every adversarial objective on DATA=fashion_mnist.npz, compare them (docs/family.md)
	@$(BIN)/python -m benchmarks.family $(if $(DATA),--data $(DATA)) $(ARGS)

bench-storefront: install ## Measure the demo's product page beside Oscar's own (Chromium; docs/storefront.md)
	@$(BIN)/python -m benchmarks.storefront $(ARGS)

bench-review: install ## Go through 50 pictures of the review queue by keys alone, and time the page (Chromium)
	@$(BIN)/python -m benchmarks.review

bench-backfill: install ## Plan and ask for 10,000 products without workers, watch speed and memory; ARGS="--products N"
	@$(BIN)/python -m benchmarks.backfill $(ARGS)

bench-serving: install ## Measure workers, brokers and pages under load (10 minutes; needs services; docs/performance.md)
	@$(BIN)/python -m benchmarks.serving $(ARGS)

bench-growth: install ## Fit formulas of cost to what the benchmarks wrote, and work off ten million products
	@$(BIN)/python -m benchmarks.growth

season: install ## Play a season: staff decide, beat retrains, a person promotes (half an hour; docs/generators.md)
	@$(BIN)/python -m benchmarks.season $(ARGS)

chaos: install ## Kill workers, cut servers off, count what is lost (16 minutes; ARGS="--minutes 10"; docs/chaos.md)
	@$(BIN)/python -m benchmarks.chaos $(ARGS)

fuzz: install ## Give readers and forms 2,000 broken inputs of each kind, new ones each time; ARGS="-k photos"
	@OSCAR_GAN_FUZZ=$${OSCAR_GAN_FUZZ:-2000} $(BIN)/python -m pytest -q -W ignore -n 0 tests/fuzz $(ARGS)

contact-sheet: install ## Recolour PHOTOS (else the demo products) into out/; RETOUCHED=folder: a blind comparison
	@$(BIN)/python -m benchmarks.$(if $(RETOUCHED),blind_sheet $(RETOUCHED),contact_sheet $(PHOTOS))

screenshots: install ## Take the manuals' pictures anew, and every page's into out/screenshots (Chromium)
	@$(BIN)/python -m docs.screenshots
	@OSCAR_GAN_SCREENSHOTS=1 $(BIN)/python -m pytest -q -p no:xdist tests/browser/test_axe.py

languages: install ## Collect the texts, make Traditional Chinese of Simplified, compile (needs gettext)
	@$(BIN)/python .ci/languages.py

compatibility: ## Test on each pair of Oscar and Django in environments of their own; ARGS="4.1+5.2" for one
	@python3 .ci/compatibility.py $(ARGS)

lint: install ## Check style and that the models match their migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@mkdir -p var # where the demo shop's database would lie
	@$(BIN)/python manage.py makemigrations --check --dry-run

lock: ## Rewrite requirements.txt with the newest versions (needs uv)
	@.ci/lock

clean: ## Delete what can be made again: .venv, var, out, caches
	rm -rf $(VENV) var out build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.demo: requirements.txt pyproject.toml
	@$(BOOTSTRAP) demo

$(VENV)/.everything: requirements.txt pyproject.toml
	@$(BOOTSTRAP) everything
