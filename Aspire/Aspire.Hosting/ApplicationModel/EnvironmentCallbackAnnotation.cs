namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets environment variables when the resource starts or is published.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Sets one variable to a value that is asked for at start.</summary>
    public EnvironmentCallbackAnnotation(string name, Func<string> callback)
        : this(context => context.EnvironmentVariables[name] = callback())
    {
    }

    /// <summary>Sets variables.</summary>
    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Sets variables.</summary>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) => Callback = callback;

    /// <summary>Sets the variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}
