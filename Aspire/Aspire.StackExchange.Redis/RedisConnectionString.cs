namespace Aspire.StackExchange.Redis;

/// <summary>Carries the settings of one connection to the factory of its options, which has only their name.</summary>
internal sealed record RedisConnectionString(string OptionsName, StackExchangeRedisSettings Settings);
