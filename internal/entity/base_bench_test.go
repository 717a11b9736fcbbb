package entity_test

import (
	"runtime"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
)

func BenchmarkBuiltin(b *testing.B) {
	var before, after runtime.MemStats
	var base *entity.Base
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		var err error
		if base, err = entity.Builtin(); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-kept")
	b.ReportMetric(float64(base.Names()), "names")
	b.ReportMetric(float64(base.Len()), "records")
	runtime.KeepAlive(base)
}
