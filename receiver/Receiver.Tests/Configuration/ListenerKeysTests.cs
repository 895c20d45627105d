using System.Security.Authentication;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Tests.Configuration;

public sealed class ListenerKeysTests : IDisposable
{
    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Nothing_is_open_but_loopback_and_limits_are_those_of_the_code()
    {
        ListenerConfiguration receiver = _files.Load("metrics: { interval: 1s }").Receiver;
        Assert.Equal(new EndpointLimits(), receiver.Limits);
        Assert.Equal("127.0.0.1:4327", receiver.Endpoint.ToString());
        Assert.Null(receiver.HttpEndpoint);
        Assert.Null(receiver.Tls);
        Assert.True(receiver.Auth.IsEmpty);
        Assert.Equal(ControlAllowance.Owner, receiver.Control.Allow);
        Assert.True(receiver.Peers.IsEmpty);
    }

    [Fact]
    public void Every_key_is_read()
    {
        ReceiverConfiguration configuration = _files.Load(
            """
            memory_limit_mib: 256
            receiver:
              endpoint: 0.0.0.0:4327
              http: { endpoint: 0.0.0.0:4328 }
              tls: { cert_file: c.pem, key_file: k.pem, client_ca_file: ca.pem, min_version: "1.3", reload_interval: 10s }
              auth: { tokens: [0123456789abcdef], token_file: tokens }
              control: { allow: nobody, token_file: control }
              peers: { uids: [1000], gids: [0, 4294967294] }
              max_recv_msg_size_mib: 16
              max_in_flight_mib: 128
              max_connections: 10
              max_concurrent_streams: 20
              request_timeout: 1m
              header_timeout: 5s
              keep_alive_timeout: 0
              min_body_rate: 0
              max_header_size: 8KiB
            exporters:
              prometheus: { tls: { cert_file: c.pem, key_file: k.pem }, auth: { token_file: scrape } }
            """);
        ListenerConfiguration receiver = configuration.Receiver;
        Assert.Equal(256, configuration.MemoryLimitMib);
        Assert.Equal("0.0.0.0:4328", receiver.HttpEndpoint!.ToString());
        Assert.Equal(
            new ServerTlsConfiguration
            {
                CertFile = "c.pem",
                KeyFile = "k.pem",
                ClientCaFile = "ca.pem",
                Protocols = SslProtocols.Tls13,
                ReloadInterval = TimeSpan.FromSeconds(10),
            },
            receiver.Tls);
        Assert.Equal(["0123456789abcdef"], receiver.Auth.Tokens);
        Assert.Equal("tokens", receiver.Auth.TokenFile);
        Assert.Equal((ControlAllowance.Nobody, "control"), (receiver.Control.Allow, receiver.Control.Tokens.TokenFile));
        Assert.Equal([1000u], receiver.Peers.Uids);
        Assert.Equal([0u, 4294967294u], receiver.Peers.Gids);
        Assert.Equal(
            new EndpointLimits
            {
                MaxMessageBytes = 16 << 20,
                MaxInFlightBytes = 128 << 20,
                MaxConnections = 10,
                MaxConcurrentStreams = 20,
                RequestTimeout = TimeSpan.FromMinutes(1),
                HeaderTimeout = TimeSpan.FromSeconds(5),
                KeepAliveTimeout = TimeSpan.Zero,
                MinBodyRate = 0,
                MaxHeaderBytes = 8192,
            },
            receiver.Limits);
        Assert.Equal("k.pem", configuration.Exporters.Prometheus!.Tls!.KeyFile);
        Assert.Equal("scrape", configuration.Exporters.Prometheus.Auth.TokenFile);
    }

    [Theory]
    [InlineData("receiver: { tls: { cert_file: c.pem } }", "receiver.tls.key_file: cert_file and key_file are both needed")]
    [InlineData(
        "receiver: { max_recv_msg_size_mib: 40 }",
        "receiver.max_in_flight_mib: a request of max_recv_msg_size_mib takes up to 4 times as much while it is handled; at least 160")]
    [InlineData("receiver: { control: { allow: root } }", "receiver.control.allow: expected one of owner, nobody, anyone, found \"root\"")]
    public void What_does_not_fit_is_refused(string yaml, string message)
    {
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => _files.Load(yaml));
        Assert.EndsWith(message, Assert.Single(refused.Errors).ToString());
    }

    [Fact]
    public void A_token_that_is_refused_is_not_shown()
    {
        ConfigurationException refused =
            Assert.Throws<ConfigurationException>(() => _files.Load("receiver: { auth: { tokens: [hunter2] } }"));
        Assert.EndsWith(
            "receiver.auth.tokens[0]: expected a token of at least 16 visible characters without spaces",
            Assert.Single(refused.Errors).ToString());
    }

    [Theory]
    [InlineData("endpoint: 127.0.0.1:4327", "")]
    [InlineData("endpoint: unix:///run/x.sock", "")]
    [InlineData("endpoint: 0.0.0.0:4327", "receiver.endpoint without TLS and without tokens")]
    [InlineData("endpoint: 0.0.0.0:4327, auth: { token_file: t }", "receiver.endpoint without TLS: tokens can be read on the way")]
    [InlineData("endpoint: 0.0.0.0:4327, tls: { cert_file: c, key_file: k }", "receiver.endpoint without tokens or certificates of clients")]
    [InlineData("endpoint: 0.0.0.0:4327, tls: { cert_file: c, key_file: k, client_ca_file: a }", "")]
    [InlineData("endpoint: 0.0.0.0:4327, tls: { cert_file: c, key_file: k }, auth: { token_file: t }", "")]
    [InlineData("http: { endpoint: \"[::]:4328\" }", "receiver.http.endpoint without TLS and without tokens")]
    public void A_port_that_is_open_without_protection_is_known(string receiver, string exposure)
    {
        ReceiverServicesOptions options = ReceiverServicesOptions.Of(_files.Load($"receiver: {{ {receiver} }}"));
        Assert.Equal(exposure, string.Join(';', Exposure.Of(options).Select(e => $"{e.Key} {e.Lacking}")));
    }
}
