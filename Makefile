# `make help` lists what there is.
.DEFAULT_GOAL := help
GO ?= go
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/tocsin-news/tocsin/internal/app.Version=$(VERSION)
SHARED ?= ../shared

.PHONY: help up test lint bench eval stack build data setup clean

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

up: build ## run everything in one process: console on http://127.0.0.1:8080
	./bin/tocsin up

build: ## build the four commands into bin/
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

test: setup ## set up what the tests need, then run all of them, with the race detector
	$(GO) vet ./...
	CGO_ENABLED=1 $(GO) test -race -timeout 30m ./...
	./scripts/stack-test --if-possible

setup: ## install what the tests need (Chromium, a container engine) where that can be done
	./scripts/setup

lint: ## golangci-lint and gofumpt, as .golangci.yml says
	cd tools && GOFLAGS=-mod=mod $(GO) build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	./bin/golangci-lint run ./...

bench: ## benchmarks, each beside a peer in the same run, or beside the figure to reach (≥, ≤)
	$(GO) test -run '^$$' -bench . -benchtime 1s -timeout 60m ./... | grep -E '^(pkg:|Benchmark|---|FAIL|panic)'

eval: build ## score against ../shared/data, and write internal/eval/testdata/golden
	$(GO) run ./internal/eval/cmd -shared $(SHARED)

stack: ## build the images, bring up nats and the three workers in a local Docker engine, and see an alert come out
	./scripts/stack-test

data: ## make the carried data anew from its sources (models, gazetteers)
	@sed -n '/^## Carried data/,/^## /p' CONTRIBUTING.md

clean: ## remove what was built
	rm -rf bin dist
