# The command surface. `make help` lists it; bin/ops does the work and documents its exit codes (bin/ops --help).
# make itself ends with 2 whenever a command fails: scripts that read exit codes call bin/ops.

STACK ?= dev
OPS := bin/ops

.DEFAULT_GOAL := help
.PHONY: help up bootstrap vault preview policy policy-mutations render status logs down purge drift unlock doctor bench backup restore gameday release rollback releases smoke images docs test types lint format format-check unit engine workloads backups e2e libraries

help: ## list the targets
	@awk -F':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile
	@echo "STACK=dev chooses the stack; SERVICES=\"kafka-1 redis\" the services of logs; ARGS=... is passed on to bin/ops."

up: ## bring the stack up and return when everything is healthy
bootstrap: ## make where the state of a stack in AWS lies: its bucket and the key of its secrets
vault: ## bring up the vault that holds the backups; up does it by itself
preview: ## show what up would change; changes nothing
policy: ## judge the stack by the policy pack
render: ## write what the stack declares as files into .state/<stack>/render; needs no cluster
status: ## show every service, exit 3 when one is not well
down: ## destroy the stack; its data stays
purge: ## destroy the stack with its data and state
drift: ## compare the state with what really runs
unlock: ## release a stack whose operation is gone
doctor: ## compare the machine with what the stack needs
bench: ## measure the running stack; with ARGS=--from-nothing, after a purge, also its start against Docker Compose
up bootstrap vault preview policy render status down purge drift unlock doctor bench:
	@$(OPS) $@ --stack $(STACK) $(ARGS)

backup: ## make backups now; ARGS="timescaledb redis-queue" only these
	@$(OPS) backup --stack $(STACK) $(ARGS)

restore: ## restore from the vault, verified, then in place: TO= a time, ONLY= a service, INTO= a new target beside the live one
	@$(OPS) restore --stack $(STACK) $(if $(TO),--to "$(TO)") $(if $(ONLY),--only $(ONLY)) $(if $(INTO),--into $(INTO)) $(ARGS)

gameday: ## lose everything but the vault, rebuild it, prove the data; SCENARIO= another one, or all
	@$(OPS) gameday --stack $(STACK) $(if $(SCENARIO),--scenario $(SCENARIO)) $(ARGS)

release: ## bring IMAGE= of SERVICE= to its clients through a gate (Kubernetes); ARGS=--finish ends its release
	@$(OPS) release $(SERVICE) $(IMAGE) --stack $(STACK) $(ARGS)

rollback: ## give clients of SERVICE= the version before, in one update of one object (Kubernetes)
	@$(OPS) rollback $(SERVICE) --stack $(STACK) $(ARGS)

releases: ## show what clients get, what stands beside it, and what was released before (Kubernetes)
	@$(OPS) releases --stack $(STACK) $(ARGS)

smoke: ## ask the released services what they must answer, SERVICES= only these
	@$(OPS) smoke $(SERVICES) --stack $(STACK) $(ARGS)

images: ## write the digests of the images' tags into images.lock.json; ARGS=--check only compares
	@$(OPS) images $(ARGS)

policy-mutations: libraries ## loosen every number and safety property of every stack, one at a time; the policy pack must answer each
	@node --import tsx test/policies/mutations/run.ts

logs: ## show logs, of SERVICES when given; ARGS=--follow goes on
	@$(OPS) logs --stack $(STACK) $(ARGS) $(SERVICES)

docs: libraries ## write the pages that are made from the code
	@for generator in components/diagram.ts components/observability/pages.ts docs/config-reference.ts docs/disaster-recovery.ts docs/exit-codes.ts policies/docs.ts; do node --import tsx $$generator || exit 1; done

test: types lint format-check unit workloads backups ## everything that proves the project without bringing it up

types: libraries ## check the types
	npx tsc --noEmit

lint: libraries ## check the code against the rules
	npx eslint .

format: libraries ## write the code in its one format
	npx prettier --write --log-level warn $(FORMATTED)

format-check: libraries ## check that the code is in its one format
	npx prettier --check --log-level warn $(FORMATTED)

FORMATTED := "**/*.{ts,js,mjs,json}"

unit: libraries engine ## unit, policy and engine tests
	npx jest

# Without Docker or Go the tests that need them are skipped, each with its reason.
engine: libraries
	@sh ops/docker-engine.sh || echo "Engine tests will be skipped: no Docker" >&2
	@if command -v go >/dev/null; then node -e 'require("tsx/cjs"); require("./sandbox/engine/build").buildEngine(console.error)'; else echo "Engine tests will be skipped: no Go" >&2; fi

workloads: ## tests of the reference workload
backups: ## tests of the backup program
workloads backups:
	cd $@ && "$$(sh ../ops/python.sh $@)/bin/pytest" -q

e2e: libraries ## the real stack, from nothing to destroyed
	npx jest --config test/e2e/jest.config.js --runInBand

libraries:
	@node ops/libraries.js || npm ci --no-audit --no-fund --loglevel=error
