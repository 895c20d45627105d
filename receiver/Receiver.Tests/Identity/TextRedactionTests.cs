using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public class TextRedactionTests
{
    [Theory]
    [InlineData("SELECT name FROM users WHERE id = 42", "SELECT name FROM users WHERE id = ?")]
    [InlineData("select * from t1 where a='x' and b = 'it''s' or c='\\'q'", "select * from t1 where a=? and b = ? or c=?")]
    [InlineData("INSERT INTO t(a, b) VALUES (1.5e-3, -7), (0xFF, .5)", "INSERT INTO t(a, b) VALUES (?, -?), (?, ?)")]
    [InlineData("UPDATE accounts SET password = \"hunter2\" WHERE id=$1", "UPDATE accounts SET password = ? WHERE id=?")]
    [InlineData("SELECT $$it's a secret$$, $tag$another $$ one$tag$, x", "SELECT ?, ?, x")]
    [InlineData("SELECT E'a\\'b', X'1f', N'text', _utf8'text' FROM t", "SELECT ?, ?, ?, ? FROM t")]
    [InlineData("/* user=ann */ SELECT 1 -- token abc\nFROM t2", "/*?*/ SELECT ? /*?*/\nFROM t2")]
    [InlineData("SELECT c FROM t WHERE n = 'cut off in the mid", "SELECT c FROM t WHERE n = ?")]
    [InlineData("SELECT 'x' /* cut off", "SELECT ? /*?*/")]
    [InlineData("CREATE USER bob WITH PASSWORD 'secret'", "CREATE USER bob WITH PASSWORD ?")]
    [InlineData("SET PASSWORD = 'secret'", "SET PASSWORD = ?")]
    [InlineData("  (SELECT 5)", "  (SELECT ?)")]
    [InlineData("WITH r AS (SELECT 1) SELECT count(*) FROM r2d2 WHERE `odd 1` = 2", "WITH r AS (SELECT ?) SELECT count(*) FROM r2d2 WHERE `odd ?` = ?")]
    [InlineData("SELECT größe FROM maße WHERE größe > 10", "SELECT größe FROM maße WHERE größe > ?")]
    [InlineData("https://ann:pw@example.org/a?key=1#part", "https://[REDACTED]@example.org/a?[REDACTED]#part")]
    [InlineData("GET /search?q=illness&user=ann HTTP/1.1", "GET /search?[REDACTED] HTTP/1.1")]
    [InlineData("/path?x=1", "/path?[REDACTED]")]
    [InlineData("from http://a/?b=1 to http://c/d?e=2", "from http://a/?[REDACTED] to http://c/d?[REDACTED]")]
    [InlineData("postgres://u:p@h/db", "postgres://[REDACTED]@h/db")]
    public void What_looks_like_SQL_or_a_URL_loses_what_may_be_private(string text, string redacted) =>
        Assert.Equal(redacted, TextRedaction.Redact(text));

    [Theory]
    [InlineData("")]
    [InlineData("/usr/lib/libssl.so.3")]
    [InlineData("selected 42 rows")]
    [InlineData("SELECT")]
    [InlineData("update-alternatives --install 7")]
    [InlineData("ext4_file_write_iter")]
    [InlineData("really?")]
    [InlineData("/is this a path?")]
    [InlineData("user@host")]
    [InlineData("GET /index.html HTTP/1.1")]
    [InlineData("http://example.org/a/b#c")]
    public void Anything_else_is_left_as_it_is(string text) => Assert.Same(text, TextRedaction.Redact(text));

    [Fact]
    public void No_text_makes_it_fail_or_grow_without_limit()
    {
        var random = new Random(20);
        string[] pieces = ["SELECT ", "'", "\"", "$$", "$a$", "--", "/*", "*/", "\\", "1", "e+", ".", "x", "?", "://", "@", "\n", " ", "é", "\0"];
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            string redacted = TextRedaction.Redact(text);
            Assert.True(redacted.Length <= 5 * text.Length + 5 * CommandLineRedactor.Mark.Length, Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void A_literal_does_not_survive_wherever_it_stands()
    {
        string[] frames =
        [
            "SELECT a FROM t WHERE b = {0}", "INSERT INTO t VALUES ({0},{0})", "UPDATE t SET a={0},b={0}", "DELETE FROM t WHERE a IN ({0}, {0})",
            "CALL p({0})", "SELECT f({0}) -- {0}", "/* {0} */ SELECT {0}", "COPY t FROM {0}", "EXEC p {0}", "MERGE INTO t USING (VALUES ({0})) s ON a={0}",
        ];
        string[] literals = ["'Sesame7'", "\"Sesame7\"", "$$Sesame7$$", "E'Sesame7'", "'x''Sesame7'", "'x\\'Sesame7'", "$q$'Sesame7'$q$", "N'Sesame7'"];
        foreach (string frame in frames)
        {
            foreach (string literal in literals)
                Assert.DoesNotContain("Sesame7", TextRedaction.Redact(string.Format(System.Globalization.CultureInfo.InvariantCulture, frame, literal)), StringComparison.Ordinal);
        }
    }
}
