namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server: a container when published, and whatever an extension makes of it when run.</summary>
/// <param name="name">The resource's name, which is also the connection string's.</param>
public class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    // https://www.iana.org/assignments/uri-schemes/prov/redis
    internal const string Scheme = "redis";

    private const string TlsScheme = "rediss";

    private EndpointReference? _primaryEndpoint;

    /// <summary>Makes a server with a password.</summary>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="password">The password that clients must give.</param>
    public RedisResource(string name, ParameterResource password) : this(name)
    {
        PasswordParameter = password;
    }

    /// <summary>The endpoint <c>tcp</c>, on which the server speaks the Redis protocol.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new(this, PrimaryEndpointName);

    /// <summary>The host name or address of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The parameter with the password; <see langword="null"/> lets everybody in.</summary>
    public ParameterResource? PasswordParameter { get; private set; }

    /// <summary>Whether <see cref="PrimaryEndpoint"/> is encrypted.</summary>
    public bool TlsEnabled => PrimaryEndpoint.Exists && PrimaryEndpoint.Scheme == TlsScheme;

    /// <summary><c>host:port,password=..</c>, the format of StackExchange.Redis.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var expression = new ReferenceExpressionBuilder();
            expression.Append($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
            if (PasswordParameter is { } password)
            {
                expression.Append($",password={password}");
            }

            if (TlsEnabled)
            {
                expression.AppendLiteral(",ssl=true");
            }

            return expression.Build();
        }
    }

    /// <summary><c>redis://:password@host:port</c>, with the password percent-encoded and left out when there is none.</summary>
    public ReferenceExpression UriExpression
    {
        get
        {
            var uri = new ReferenceExpressionBuilder();
            uri.Append($"{PrimaryEndpoint.Property(EndpointProperty.Scheme)}://");
            if (PasswordParameter is { } password)
            {
                uri.Append($":{password:uri}@");
            }

            uri.Append($"{Host}:{Port}");
            return uri.Build();
        }
    }

    /// <summary>The value of <see cref="ConnectionStringExpression"/>.</summary>
    /// <param name="cancellationToken">Ends the wait for values that are not known yet.</param>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        if (PasswordParameter is { } password)
        {
            yield return new("Password", ReferenceExpression.Create($"{password}"));
        }

        yield return new("Uri", UriExpression);
    }

    internal void SetPassword(ParameterResource? password) => PasswordParameter = password;
}
