package main

import (
	"context"
	"os"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/xexporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Config of the lines exporter: the file that is appended to.
type Config struct {
	Path string `mapstructure:"path"`
}

// Every signal of one path shares the file and its lock.
type lines struct {
	path string
	lock sync.Mutex
	file *os.File
}

var open sync.Map

func linesOf(config component.Config) *lines {
	path := config.(*Config).Path
	found, _ := open.LoadOrStore(path, &lines{path: path})
	return found.(*lines)
}

func (l *lines) Start(context.Context, component.Host) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	var err error
	if l.file == nil {
		l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	}
	return err
}

func (l *lines) Shutdown(context.Context) error          { return nil }
func (l *lines) Capabilities() consumer.Capabilities     { return consumer.Capabilities{} }

func (l *lines) write(line []byte, err error) error {
	if err != nil {
		return err
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	_, err = l.file.Write(append(line, '\n'))
	return err
}

func (l *lines) ConsumeTraces(_ context.Context, d ptrace.Traces) error {
	return l.write((&ptrace.JSONMarshaler{}).MarshalTraces(d))
}

func (l *lines) ConsumeMetrics(_ context.Context, d pmetric.Metrics) error {
	return l.write((&pmetric.JSONMarshaler{}).MarshalMetrics(d))
}

func (l *lines) ConsumeLogs(_ context.Context, d plog.Logs) error {
	return l.write((&plog.JSONMarshaler{}).MarshalLogs(d))
}

func (l *lines) ConsumeProfiles(_ context.Context, d pprofile.Profiles) error {
	return l.write((&pprofile.JSONMarshaler{}).MarshalProfiles(d))
}

func linesFactory() exporter.Factory {
	return xexporter.NewFactory(
		component.MustNewType("lines"),
		func() component.Config { return &Config{} },
		xexporter.WithTraces(func(_ context.Context, _ exporter.Settings, c component.Config) (exporter.Traces, error) {
			return linesOf(c), nil
		}, component.StabilityLevelDevelopment),
		xexporter.WithMetrics(func(_ context.Context, _ exporter.Settings, c component.Config) (exporter.Metrics, error) {
			return linesOf(c), nil
		}, component.StabilityLevelDevelopment),
		xexporter.WithLogs(func(_ context.Context, _ exporter.Settings, c component.Config) (exporter.Logs, error) {
			return linesOf(c), nil
		}, component.StabilityLevelDevelopment),
		xexporter.WithProfiles(func(_ context.Context, _ exporter.Settings, c component.Config) (xexporter.Profiles, error) {
			return linesOf(c), nil
		}, component.StabilityLevelDevelopment),
	)
}
