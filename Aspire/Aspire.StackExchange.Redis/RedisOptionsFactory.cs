using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Starts a client's options from its connection string, so that configuration and code can be applied on top: the client parses a
/// string only into a new object.
/// </summary>
internal sealed class RedisOptionsFactory(
    IEnumerable<RedisConnectionString> connectionStrings,
    IEnumerable<IConfigureOptions<ConfigurationOptions>> setups,
    IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures,
    IEnumerable<IValidateOptions<ConfigurationOptions>> validations)
    : OptionsFactory<ConfigurationOptions>(setups, postConfigures, validations)
{
    protected override ConfigurationOptions CreateInstance(string name)
    {
        var connectionString = connectionStrings.LastOrDefault(candidate => candidate.OptionsName == name)?.Settings.ConnectionString;
        var options = connectionString is null ? base.CreateInstance(name) : ConfigurationOptions.Parse(connectionString);

        // A cloud's own provider, chosen by the address, keeps its say.
        if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
        {
            options.Defaults = new KeepTrying();
        }

        return options;
    }

    /// <summary>A server that starts later than the service is the normal case, so the first failure does not end the connection.</summary>
    private sealed class KeepTrying : DefaultOptionsProvider
    {
        public override bool AbortOnConnectFail => false;
    }
}
