package app

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
	"go.uber.org/zap/zapcore"
)

func (c LogConfig) level() (zapcore.Level, error) {
	if c.Level == "" {
		return zap.InfoLevel, nil
	}
	l, err := zapcore.ParseLevel(c.Level)
	if err != nil {
		return l, fmt.Errorf("is %q: debug, info, warn or error", c.Level)
	}
	return l, nil
}

// NewLog makes the one logger of the process, writing to w: lines for people
// when w is a terminal or c says console, else JSON.
func NewLog(c LogConfig, w io.Writer) (*zap.Logger, error) {
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	conf := zap.NewProductionEncoderConfig()
	conf.EncodeTime = zapcore.RFC3339TimeEncoder
	conf.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(conf)
	if c.Format == "console" || c.Format == "" && terminal(w) {
		conf.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05")
		conf.EncodeLevel = zapcore.CapitalLevelEncoder
		conf.ConsoleSeparator = " "
		encoder = zapcore.NewConsoleEncoder(conf)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(w), level)), nil
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// bridge is l for libraries that log by slog.
func bridge(l *zap.Logger) *slog.Logger {
	return slog.New(zapslog.NewHandler(l.Core(), zapslog.WithName(l.Name())))
}
