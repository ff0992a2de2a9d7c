namespace Aspire.Hosting.ApplicationModel;

/// <summary>A RabbitMQ server: a container when published, and whatever an extension makes of it when run.</summary>
public class RabbitMQServerResource : ContainerResource, IResourceWithConnectionString, IResourceWithEnvironment
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string ManagementEndpointName = "management";

    // The user that a server has by itself; it is let in from the server's own machine only.
    private const string DefaultUserName = "guest";

    private EndpointReference? _managementEndpoint;

    /// <summary>Makes a server.</summary>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="userName">The parameter with the user's name; <see langword="null"/> means <c>guest</c>.</param>
    /// <param name="password">The parameter with the user's password.</param>
    public RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);
        PrimaryEndpoint = new(this, PrimaryEndpointName);
        UserNameParameter = userName;
        PasswordParameter = password;
    }

    /// <summary>The endpoint <c>tcp</c>, on which the server speaks AMQP.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The endpoint <c>management</c> with the web pages for operators, which <c>WithManagementPlugin</c> adds.</summary>
    public EndpointReference ManagementEndpoint => _managementEndpoint ??= new(this, ManagementEndpointName);

    /// <summary>The host name or address of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The parameter with the user's name; <see langword="null"/> means <c>guest</c>.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The user's name, from the parameter where there is one.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is { } userName
        ? ReferenceExpression.Create($"{userName}")
        : ReferenceExpression.Create($"{DefaultUserName}");

    /// <summary>The parameter with the user's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>The same as <see cref="UriExpression"/>, which every client understands.</summary>
    public ReferenceExpression ConnectionStringExpression => UriExpression;

    /// <summary><c>amqp://user:password@host:port</c>, with user and password percent-encoded.</summary>
    public ReferenceExpression UriExpression
    {
        get
        {
            var uri = new ReferenceExpressionBuilder();
            uri.AppendLiteral("amqp://");
            if (UserNameParameter is { } userName)
            {
                uri.Append($"{userName:uri}");
            }
            else
            {
                uri.AppendLiteral(DefaultUserName);
            }

            uri.Append($":{PasswordParameter:uri}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
            return uri.Build();
        }
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        yield return new("Username", UserNameReference);
        yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", UriExpression);
    }
}
