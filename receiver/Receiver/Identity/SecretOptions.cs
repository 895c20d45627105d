namespace EbpfReceiver.Identity;

/// <summary>One-letter options that take a secret, for the programs where they do: <c>mysql -pX</c>, but not <c>mkdir -p X</c>.</summary>
internal static class SecretOptions
{
    /// <summary>How a one-letter option takes its secret.</summary>
    internal enum Form : byte
    {
        /// <summary>It takes none.</summary>
        None,

        /// <summary>Only in the same argument: <c>-pX</c>; alone it asks.</summary>
        Joined,

        /// <summary>In the same argument or in the next.</summary>
        Either,

        /// <summary>The same, and the value is <c>user:password</c>, of which the user may be shown.</summary>
        UserPassword,
    }

    /// <summary>The form of <c>-x</c> for a program.</summary>
    public static Form Of(ReadOnlySpan<char> program, char option) => option switch
    {
        'p' when program.StartsWith("mysql") || program.StartsWith("mariadb") || program.StartsWith("7z") => Form.Joined,
        'p' when program is "sshpass" or "docker" or "podman" or "nerdctl" or "helm" or "mongo" or "mongosh" or "mongodump" or "mongorestore" => Form.Either,
        'p' when program is "rabbitmqadmin" or "influx" or "kinit" => Form.Either,
        'P' when program is "unzip" or "zip" or "sqlcmd" or "bcp" or "ipmitool" or "mosquitto_pub" or "mosquitto_sub" => Form.Either,
        'A' or 'X' or 'c' when program.StartsWith("snmp") => Form.Either,
        'a' when program is "redis-cli" or "valkey-cli" => Form.Either,
        'w' when program.StartsWith("ldap") => Form.Either,
        'u' when program is "curl" => Form.UserPassword,
        'U' when program is "curl" => Form.UserPassword,
        _ => Form.None,
    };
}
