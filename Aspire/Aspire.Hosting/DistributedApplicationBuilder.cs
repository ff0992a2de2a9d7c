using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Interactions;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder" />
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    /// <summary>The command line's options and the settings that they are short for.</summary>
    private static readonly Dictionary<string, string> SwitchMappings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--step"] = "Pipeline:Step",
        ["--log-level"] = "Pipeline:LogLevel",
        ["--include-exception-details"] = "Pipeline:IncludeExceptionDetails",
        ["--dcp-cli-path"] = "DcpPublisher:CliPath",
    };

    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly BuilderInterceptor? _interceptor;
    private readonly DistributedApplicationPipeline _pipeline = PipelineServiceCollectionExtensions.CreatePipeline();

    /// <summary>Creates the builder.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Creates the builder.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
        : this(options, new HostApplicationBuilderSettings { Args = options.Args })
    {
    }

    internal DistributedApplicationBuilder(DistributedApplicationOptions options, HostApplicationBuilderSettings hostSettings)
    {
        _options = options;
        _interceptor = BuilderInterceptor.Current;
        if (OpenFileLimit.Obstacle() is { } obstacle)
        {
            if (_interceptor is not null)
            {
                throw new DistributedApplicationException(obstacle);
            }

            // Nobody catches what a builder throws, and a runtime without files cannot even print a stack trace.
            Console.Error.WriteLine(obstacle);
            System.Environment.Exit(1);
        }

        _interceptor?.Creating(options, hostSettings);
        hostSettings.ApplicationName ??= options.Assembly?.GetName().Name;
        hostSettings.ContentRootPath ??= options.ProjectDirectory;
        _host = new HostApplicationBuilder(hostSettings);
        AddConfiguration();
        ExecutionContext = CreateExecutionContext();
        AddIdentity();
        AddServices();
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory => _options.ProjectDirectory ?? _host.Environment.ContentRootPath;

    /// <inheritdoc />
    public Assembly? AppHostAssembly => _options.Assembly;

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IDistributedApplicationPipeline Pipeline => _pipeline;

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new DistributedApplicationResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _interceptor?.Building(this);
        var application = new DistributedApplication(_host.Build()) { Interceptor = _interceptor };
        ExecutionContext.Services = application.Services;
        _interceptor?.Built(application);
        return application;
    }

    private string ProjectName => _options.Metadata("apphostprojectname") ?? _host.Environment.ApplicationName;

    private void AddConfiguration()
    {
        // Generated passwords are kept in the user secrets, so they are read in every environment, not in Development only: a second
        // start in Production mode must find the password of the data that the first one left.
        if (_options.Assembly is { } assembly && assembly.IsDefined(typeof(Microsoft.Extensions.Configuration.UserSecrets.UserSecretsIdAttribute)))
        {
            _host.Configuration.AddUserSecrets(assembly, optional: true);
            _host.Configuration.AddEnvironmentVariables();
        }

        _host.Configuration.AddCommandLine(_options.Args ?? [], SwitchMappings);
        _host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["AppHost:Directory"] = AppHostDirectory,
            ["AppHost:Path"] = Path.Join(AppHostDirectory, ProjectName),
        });
    }

    /// <summary>Identifies the AppHost: by its path on this machine, by its name alone where it is published from.</summary>
    private void AddIdentity()
    {
        var identity = ExecutionContext.IsPublishMode ? ProjectName : Path.Join(AppHostDirectory, ProjectName).ToLowerInvariant();
        _host.Configuration["AppHost:Sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
    }

    private DistributedApplicationExecutionContext CreateExecutionContext()
    {
        var publisher = _host.Configuration["Publishing:Publisher"];
        return (_host.Configuration["AppHost:Operation"]?.ToLowerInvariant(), publisher) switch
        {
            ("run", _) or (null, null) => new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run),
            ("publish" or "inspect", _) or (null, _) => new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish, publisher ?? "manifest"),
            var (operation, _) => throw new DistributedApplicationException(
                $"Invalid operation '{operation}' specified. Valid operations are 'publish', 'inspect' or 'run'."),
        };
    }

    private void AddServices()
    {
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // A start that fails is thrown to the caller of StartAsync or told by Run; the host would say it a second time, with a stack trace.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);
        _host.Logging.AddFilter("Grpc", LogLevel.Error);
        _host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);

        // A database that is not up yet is no error of the AppHost: the result of each check is in the dashboard.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        _host.Logging.AddConfiguration(_host.Configuration.GetSection("Logging"));

        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(new UserSecretsManager(_options.Assembly));
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<DistributedApplicationModel>(),
            provider.GetRequiredService<ResourceNotificationService>(),
            provider.GetRequiredService<ResourceLoggerService>(),
            provider));
        Services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior =
            _options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        Services.AddInteractions();
        Services.AddHealthChecks();
        Services.AddEventingSubscriber<WaitForDependencies>();

        Services.AddPipeline(Configuration, _pipeline);
        AddBackchannel();
        if (ExecutionContext.IsPublishMode)
        {
            Services.AddPipelineExecutor(Configuration);
            return;
        }

        // The engine bounds its own stop; with containers, which may take 10 s each before they are killed, that is longer than usual.
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(40));
        Services.AddDcpEngine();
        if (!_options.DisableDashboard)
        {
            Services.AddDashboard();
        }

        if (_options.EnableResourceLogging)
        {
            Services.AddHostedService<ResourceLogForwarder>();
        }

        Services.AddHostedService<ParameterResolver>();
        Services.AddHostedService<ResourceHealthMonitor>();
        Services.AddHostedService<ApplicationRunner>();
    }

    /// <summary>First among the hosted services and so the last to stop: the CLI follows to the end.</summary>
    private void AddBackchannel()
    {
        Services.AddSingleton<AppHostState>();
        Services.AddSingleton<AppHostLog>();
        if (Configuration[AppHostState.MainSocketSetting] is { Length: > 0 })
        {
            Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<AppHostLog>());
        }

        Services.AddSingleton<BackchannelService>();
        Services.AddHostedService(provider => provider.GetRequiredService<BackchannelService>());
        Services.AddHostedService<CliWatch>();
    }
}
