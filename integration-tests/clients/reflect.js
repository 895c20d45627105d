// Knows nothing of the receiver's services: lists, describes and calls them by server reflection alone.
//   node reflect.js HOST:PORT list
//   node reflect.js HOST:PORT describe SERVICE
//   node reflect.js HOST:PORT call SERVICE METHOD JSON [SECONDS]     a stream is printed, a line a message
'use strict';
const grpc = require('@grpc/grpc-js');
const { GrpcReflection } = require('grpc-js-reflection-client');

const [address, command, service, method, request, seconds] = process.argv.slice(2);
const credentials = grpc.credentials.createInsecure();
const options = { 'grpc.max_receive_message_length': 64 << 20 };

// Descriptors have the names of the .proto file; protobuf's JSON, which is what is given and printed here, has lowerCamelCase.
const rename = (value, by) => {
  if (Array.isArray(value)) return value.map((item) => rename(item, by));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [by(name), rename(item, by)]));
};
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const print = (message) => console.log(JSON.stringify(rename(message, camel)));

async function main() {
  const reflection = new GrpcReflection(address, credentials, options);
  if (command === 'list') {
    console.log(JSON.stringify(await reflection.listServices('*')));
    return;
  }
  const descriptor = await reflection.getDescriptorBySymbol(service);
  const definition = descriptor.getPackageObject({ keepCase: false, longs: String, enums: String, bytes: String, defaults: true, oneofs: true });
  const type = service.split('.').reduce((at, name) => at[name], definition);
  if (command === 'describe') {
    console.log(JSON.stringify(Object.values(type.service).map((m) => ({ path: m.path, clientStream: m.requestStream, serverStream: m.responseStream }))));
    return;
  }
  const client = new type(address, credentials, options);
  const called = Object.values(type.service).find((m) => m.path.endsWith(`/${method}`));
  const message = rename(JSON.parse(request || '{}'), snake);
  if (called.responseStream) {
    const stream = client.makeServerStreamRequest(called.path, called.requestSerialize, called.responseDeserialize, message);
    setTimeout(() => stream.cancel(), 1000 * Number(seconds || 3));
    await new Promise((resolve, reject) => {
      stream.on('data', print);
      stream.on('end', resolve);
      stream.on('error', (error) => (error.code === grpc.status.CANCELLED ? resolve() : reject(error)));
    });
  } else {
    print(await new Promise((resolve, reject) => client.makeUnaryRequest(
      called.path, called.requestSerialize, called.responseDeserialize, message,
      (error, reply) => (error ? reject(error) : resolve(reply)))));
  }
  client.close();
}

// A pipe takes a long answer in pieces: the last of it has to be written before the end.
main().then(() => process.stdout.write('', () => process.exit(0)), (error) => { console.error(String(error.stack || error)); process.exit(1); });
