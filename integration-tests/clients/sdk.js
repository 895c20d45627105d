// Sends known numbers of spans, metric points and log records with the OpenTelemetry JavaScript SDK.
//   node sdk.js http://127.0.0.1:4327 COUNT [grpc | json | protobuf]
'use strict';
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BasicTracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { LoggerProvider, BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-grpc');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-grpc');
const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-grpc');
// What the SDK's exporters for HTTP are made of comes with those for gRPC.
const { OTLPMetricExporterBase } = require('@opentelemetry/exporter-metrics-otlp-http');
const { OTLPExporterBase } = require('@opentelemetry/otlp-exporter-base');
const { convertLegacyHttpOptions, createOtlpHttpExportDelegate } = require('@opentelemetry/otlp-exporter-base/node-http');
const transformer = require('@opentelemetry/otlp-transformer');

const [url, count, protocol] = [process.argv[2], Number(process.argv[3]), process.argv[4] ?? 'grpc'];
const resource = resourceFromAttributes({ 'service.name': 'js-sdk' });

function exporters() {
  if (protocol === 'grpc') {
    return { traces: new OTLPTraceExporter({ url }), metrics: new OTLPMetricExporter({ url }), logs: new OTLPLogExporter({ url }) };
  }
  const [form, type] = protocol === 'json' ? ['Json', 'application/json'] : ['Protobuf', 'application/x-protobuf'];
  const delegate = (signal, path, serializer) => createOtlpHttpExportDelegate(
    convertLegacyHttpOptions({ url: `${url}/${path}`, compression: 'gzip' }, signal, path, { 'Content-Type': type }), transformer[form + serializer]);
  return {
    traces: new OTLPExporterBase(delegate('TRACES', 'v1/traces', 'TraceSerializer')),
    metrics: new OTLPMetricExporterBase(delegate('METRICS', 'v1/metrics', 'MetricsSerializer')),
    logs: new OTLPExporterBase(delegate('LOGS', 'v1/logs', 'LogsSerializer')),
  };
}

async function main() {
  const exporter = exporters();
  const tracers = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter.traces)] });
  const meters = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: exporter.metrics, exportIntervalMillis: 60000 })],
  });
  const logs = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor(exporter.logs)] });
  const tracer = tracers.getTracer('test');
  const counter = meters.getMeter('test').createCounter('js.counter', { unit: '{item}' });
  const logger = logs.getLogger('test');
  for (let i = 0; i < count; i++) {
    tracer.startSpan(`js span ${i}`, { attributes: { index: i } }).end();
    counter.add(1);
    logger.emit({ body: `js record ${i}`, eventName: 'js.event' });
  }
  await tracers.shutdown();
  await meters.shutdown();
  await logs.shutdown();
  console.log(JSON.stringify({ pid: process.pid, spans: count, points: 1, records: count }));
}

main().catch((error) => { console.error(error); process.exit(1); });
