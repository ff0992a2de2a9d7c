using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Lets the testing package step into an AppHost's entry point while it describes and runs its application.</summary>
internal abstract class BuilderInterceptor
{
    private static readonly AsyncLocal<BuilderInterceptor?> CurrentInterceptor = new();

    /// <summary>The interceptor of the entry point that runs in this context; null outside of tests.</summary>
    public static BuilderInterceptor? Current
    {
        get => CurrentInterceptor.Value;
        set => CurrentInterceptor.Value = value;
    }

    /// <summary>The builder is being created: options can still be changed.</summary>
    public abstract void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings hostSettings);

    /// <summary>The entry point has described its application; blocks it until the test wants it built.</summary>
    public abstract void Building(DistributedApplicationBuilder builder);

    /// <summary>The application has been built.</summary>
    public abstract void Built(DistributedApplication application);

    /// <summary>The entry point wants the application to run: the test starts it instead, and this ends when the test is done with it.</summary>
    public abstract Task RunningAsync(CancellationToken cancellationToken);
}
