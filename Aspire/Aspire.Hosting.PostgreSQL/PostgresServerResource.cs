namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server: a container when published, and whatever an extension makes of it when run.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private const string DefaultUserName = "postgres";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the resource; it becomes part of a model through <see cref="PostgresBuilderExtensions.AddPostgres"/>.</summary>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="userName">The superuser's name; <see langword="null"/> means <c>postgres</c>.</param>
    /// <param name="password">The superuser's password.</param>
    /// <exception cref="ArgumentNullException">The password is missing.</exception>
    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);
        UserNameParameter = userName;
        PasswordParameter = password;
        PrimaryEndpoint = new(this, PrimaryEndpointName);
    }

    /// <summary>The endpoint <c>tcp</c>, on which the server speaks the PostgreSQL protocol.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The host name or address of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The parameter with the superuser's name, if one was given.</summary>
    public ParameterResource? UserNameParameter { get; set; }

    /// <summary>The superuser's name: the parameter's value, or <c>postgres</c>.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is { } userName
        ? ReferenceExpression.Create($"{userName}")
        : ReferenceExpression.Create($"{DefaultUserName}");

    /// <summary>The parameter with the superuser's password.</summary>
    public ParameterResource PasswordParameter { get; set; }

    /// <summary>The databases of this server: resource name to database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    /// <summary><c>Host=..;Port=..;Username=..;Password=..</c>, the format of Npgsql, without a database.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

    /// <summary><c>postgresql://user:password@host:port</c>, with user and password percent-encoded.</summary>
    public ReferenceExpression UriExpression => UriOf(databaseName: null);

    /// <summary><c>jdbc:postgresql://host:port</c>, without user and password.</summary>
    public ReferenceExpression JdbcConnectionString => JdbcConnectionStringOf(databaseName: null);

    /// <summary>The value of <see cref="ConnectionStringExpression"/>.</summary>
    /// <param name="cancellationToken">Ends the wait for values that are not known yet.</param>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", UserNameReference),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", UriExpression),
        new("JdbcConnectionString", JdbcConnectionString),
    ];

    internal void AddDatabase(string resourceName, string databaseName) => _databases.TryAdd(resourceName, databaseName);

    internal ReferenceExpression UriOf(string? databaseName)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("postgresql://");
        if (UserNameParameter is { } userName)
        {
            uri.Append($"{userName:uri}");
        }
        else
        {
            uri.AppendLiteral(DefaultUserName);
        }

        uri.Append($":{PasswordParameter:uri}@{Host}:{Port}");
        AppendPath(uri, databaseName);
        return uri.Build();
    }

    internal ReferenceExpression JdbcConnectionStringOf(string? databaseName)
    {
        var jdbc = new ReferenceExpressionBuilder();
        jdbc.Append($"jdbc:postgresql://{Host}:{Port}");
        AppendPath(jdbc, databaseName);
        return jdbc.Build();
    }

    private static void AppendPath(ReferenceExpressionBuilder expression, string? databaseName)
    {
        if (databaseName is not null)
        {
            expression.AppendLiteral("/" + Uri.EscapeDataString(databaseName));
        }
    }
}
