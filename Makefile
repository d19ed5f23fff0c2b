# `make help` lists the targets. They need Go, make and git; the Pulumi CLI is
# found on PATH or built once from tools/go.mod (about five minutes).
ENV   ?= dev
INFRA := go run ./cmd/infra

# each linter is built from its own module, once per version
LINT       := .tools/bin/golangci-lint
ACTIONLINT := .tools/bin/actionlint

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: preview
preview: ## preview an environment in the sandbox (ENV=dev|stage|prod)
	@echo "Building infra; the first build compiles the SDKs and takes a few minutes."
	@$(INFRA) --sandbox preview $(ENV)

.PHONY: up
up: ## bring an environment up in the sandbox (ENV=dev|stage|prod)
	@$(INFRA) --sandbox up $(ENV)

.PHONY: test
test: ## run all tests, those with the real engine included
	@echo "Running all tests; the first build compiles the SDKs and, if need be, the Pulumi CLI."
	@$(INFRA) tools
	go test -timeout 40m ./...

.PHONY: bench
bench: ## measure previews, growth and tests; prints a table with ratios
	@$(INFRA) tools
	@go run ./internal/bench

.PHONY: build
build: ## build .tools/bin/infra, whose exit codes are its own
	go build -o .tools/bin/infra ./cmd/infra

.PHONY: plugins
plugins: ## install the providers' plugins, in the versions that go.mod's SDKs ask for
	@cli="$$($(INFRA) tools)" && PATH="$$(dirname "$$cli"):$(CURDIR)/.tools/bin:$$PATH" "$$cli" plugin install

.PHONY: lint
lint: $(LINT) $(ACTIONLINT) ## check code, settings, manifests, workflows and links of the docs
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo "run make fmt"; exit 1; }
	go vet ./...
	@go run ./internal/links/lint
	@go run ./internal/manifests/lint
	@for env in dev stage prod; do $(INFRA) config check $$env || exit 1; done
	@command -v shellcheck >/dev/null || echo "shellcheck is not on PATH: the workflows' scripts are not checked"
	$(ACTIONLINT)
	$(LINT) run ./...

.PHONY: fmt
fmt: ## format the code
	gofmt -w .

.PHONY: clean
clean: ## remove the sandbox's clouds and states, and the built tools
	rm -rf .sandbox .tools

$(ACTIONLINT): tools/actionlint/go.mod tools/actionlint/go.sum
	@cd tools/actionlint && go build -o ../../$@ github.com/rhysd/actionlint/cmd/actionlint
	@touch $@

$(LINT): tools/lint/go.mod tools/lint/go.sum
	@echo "Building golangci-lint; this takes a few minutes, once."
	@cd tools/lint && go build -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
