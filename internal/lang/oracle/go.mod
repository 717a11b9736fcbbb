module github.com/tocsin-news/tocsin/internal/lang/oracle

go 1.26.0

replace github.com/tocsin-news/tocsin => ../../..

require (
	github.com/pemistahl/lingua-go v1.4.0
	github.com/tocsin-news/tocsin v0.0.0
)

require (
	github.com/shopspring/decimal v1.3.1 // indirect
	golang.org/x/exp v0.0.0-20241009180824-f66d83c29e7c // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)
