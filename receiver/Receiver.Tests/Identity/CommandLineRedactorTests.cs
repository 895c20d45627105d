using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public class CommandLineRedactorTests
{
    [Theory]
    [InlineData("ls|-la|/tmp", "ls|-la|/tmp")]
    [InlineData("x|--password=hunter2", "x|--password=[REDACTED]")]
    [InlineData("x|--password|hunter2|--verbose", "x|--password|[REDACTED]|--verbose")]
    [InlineData("x|--password|--verbose", "x|--password|--verbose")]
    [InlineData("x|--db-password=a=b", "x|--db-password=[REDACTED]")]
    [InlineData("x|--token|abc|file", "x|--token|[REDACTED]|file")]
    [InlineData("x|-token=abc", "x|-token=[REDACTED]")]
    [InlineData("x|--api-key=abc", "x|--api-key=[REDACTED]")]
    [InlineData("x|--apiKey|abc", "x|--apiKey|[REDACTED]")]
    [InlineData("x|--client_secret=abc", "x|--client_secret=[REDACTED]")]
    [InlineData("x|--token-file=/run/t|--password-stdin|next", "x|--token-file=/run/t|--password-stdin|next")]
    [InlineData("x|--max-tokens=100|--tokenizer=gpt", "x|--max-tokens=100|--tokenizer=gpt")]
    [InlineData("x|--compass=north|--author=me|--bypass=1", "x|--compass=north|--author=me|--bypass=1")]
    [InlineData("env|AWS_SECRET_ACCESS_KEY=abc|PATH=/bin", "env|AWS_SECRET_ACCESS_KEY=[REDACTED]|PATH=/bin")]
    [InlineData("env|DB_PASS=abc|PGPASSWORD=x", "env|DB_PASS=[REDACTED]|PGPASSWORD=[REDACTED]")]
    [InlineData("mysql|-uroot|-psecret|db", "mysql|-uroot|-p[REDACTED]|db")]
    [InlineData("mysqldump|-p|db", "mysqldump|-p|db")]
    [InlineData("mkdir|-p|a/b", "mkdir|-p|a/b")]
    [InlineData("sshpass|-p|secret|ssh|host", "sshpass|-p|[REDACTED]|ssh|host")]
    [InlineData("sshpass|-psecret|ssh|host", "sshpass|-p[REDACTED]|ssh|host")]
    [InlineData("redis-cli|-a|secret|ping", "redis-cli|-a|[REDACTED]|ping")]
    [InlineData("curl|-u|me:secret|http://h/", "curl|-u|me:[REDACTED]|http://h/")]
    [InlineData("curl|-ume:secret", "curl|-ume:[REDACTED]")]
    [InlineData("curl|--user|me:secret", "curl|--user|me:[REDACTED]")]
    [InlineData("curl|--user=me:secret", "curl|--user=me:[REDACTED]")]
    [InlineData("curl|-H|Authorization: Bearer abc", "curl|-H|Authorization: [REDACTED]")]
    [InlineData("curl|-H|X-Api-Key: abc|-H|Accept: text/html", "curl|-H|X-Api-Key: [REDACTED]|-H|Accept: text/html")]
    [InlineData("curl|-H|Cookie: a=b", "curl|-H|Cookie: [REDACTED]")]
    [InlineData("x|https://me:secret@host:8443/p", "x|https://[REDACTED]@host:8443/p")]
    [InlineData("x|https://host/p?token=abc&x=1#top", "x|https://host/p?[REDACTED]#top")]
    [InlineData("x|https://host?q=1", "x|https://host?[REDACTED]")]
    [InlineData("x|https://host/a@b", "x|https://host/a@b")]
    [InlineData("x|--dsn=postgres://u:p@h/db?sslmode=off", "x|--dsn=postgres://[REDACTED]@h/db?[REDACTED]")]
    [InlineData("x|amqp://u:p@h", "x|amqp://[REDACTED]@h")]
    [InlineData("x|Server=db;User Id=sa;Password=a,b;Encrypt=true", "x|Server=db;User Id=sa;Password=[REDACTED];Encrypt=true")]
    [InlineData("x|Server=db;Uid=sa;Pwd=abc;Encrypt=true", "x|Server=db;Uid=sa;Pwd=[REDACTED];Encrypt=true")]
    [InlineData("mount|-o|user=me,password=abc,rw", "mount|-o|user=me,password=[REDACTED]")]
    [InlineData("x|a=1&access_token=abc&b=2", "x|a=1&access_token=[REDACTED]&b=2")]
    [InlineData("sh|-c|mysql -pfoo db | gzip", "sh|-c|mysql -p[REDACTED] db | gzip")]
    [InlineData("sh|-c|curl -u a:b https://u:p@h/?x=1", "sh|-c|curl -u a:[REDACTED] https://[REDACTED]@h/?[REDACTED]")]
    [InlineData("sh|-c|TOKEN='a b' run --password \"x y\" z", "sh|-c|TOKEN=[REDACTED] run --password \"[REDACTED]\" z")]
    [InlineData("sh|-c|curl -H 'Authorization: Bearer abc' h", "sh|-c|curl -H 'Authorization: [REDACTED]' h")]
    [InlineData("sh|-c|echo 'hello world'", "sh|-c|echo 'hello world'")]
    [InlineData("git|clone|ghp_0123456789abcdef0123456789abcdef0123", "git|clone|[REDACTED]")]
    [InlineData("x|AKIAIOSFODNN7EXAMPLE", "x|[REDACTED]")]
    [InlineData("curl|--header=Authorization: Bearer abc", "curl|--header=Authorization: [REDACTED]")]
    [InlineData("x|Authorization:|Bearer|abc|d", "x|Authorization:|Bearer|[REDACTED]|d")]
    [InlineData("sh|-c|http GET h Authorization: Basic abc d", "sh|-c|http GET h Authorization: Basic [REDACTED] d")]
    [InlineData("x|Bearer|abc", "x|Bearer|[REDACTED]")]
    [InlineData("x|--auth|Basic|abc", "x|--auth|Basic|[REDACTED]")]
    [InlineData("psql|-c|ALTER USER bob PASSWORD 'sesame'", "psql|-c|ALTER USER bob PASSWORD ?")]
    [InlineData("mysql|-e|SELECT a FROM t WHERE b = 'x y' AND c = 7", "mysql|-e|SELECT a FROM t WHERE b = ? AND c = ?")]
    [InlineData("sh|-c|exec run --token abc", "sh|-c|exec run --token [REDACTED]")]
    [InlineData("x|-----BEGIN PRIVATE KEY-----", "x|[REDACTED]")]
    [InlineData("x|AIzaSyA0123456789abcdefghij", "x|[REDACTED]")]
    [InlineData("x|sk_live_0123456789abcdef", "x|[REDACTED]")]
    [InlineData("snmpwalk|-v2c|-c|private|host", "snmpwalk|-v2c|-c|[REDACTED]|host")]
    [InlineData("ipmitool|-P|secret|power", "ipmitool|-P|[REDACTED]|power")]
    [InlineData("basic|run|token", "basic|run|token")]
    [InlineData("x|/Password:abc", "x|/Password:abc")]
    [InlineData("x|--password:abc", "x|--password:[REDACTED]")]
    [InlineData("x|--password=", "x|--password=")]
    [InlineData("x||-|--", "x||-|--")]
    public void Secrets_do_not_leave_the_machine(string line, string expected)
    {
        string[] arguments = Split(line);
        Assert.Equal(Split(expected), CommandLineRedactor.Redact(arguments[0], arguments));
    }

    [Fact]
    public void Any_text_is_redacted_without_failing_and_in_bounded_depth()
    {
        var random = new Random(1);
        const string Alphabet = "ab'\" \t=:;&,?@/-\\|#$";
        for (int i = 0; i < 20_000; i++)
        {
            var text = new char[random.Next(0, 60)];
            for (int j = 0; j < text.Length; j++) text[j] = Alphabet[random.Next(Alphabet.Length)];
            string argument = new(text);
            Assert.NotNull(CommandLineRedactor.Redact("mysql", [argument, argument])[1]);
        }

        string deep = string.Concat(Enumerable.Repeat("\" '", 8000));
        Assert.Single(CommandLineRedactor.Redact("sh", [deep]));
    }

    // A '|' with blanks around it belongs to the argument.
    private static string[] Split(string line) => line.Replace(" | ", " \0 ").Split('|').Select(x => x.Replace('\0', '|')).ToArray();
}
