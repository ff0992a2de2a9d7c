namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds command-line arguments when the resource starts or is published.</summary>
public class CommandLineArgsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Adds arguments.</summary>
    public CommandLineArgsCallbackAnnotation(Action<IList<object>> callback)
        : this(context =>
        {
            callback(context.Args);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Adds arguments.</summary>
    public CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) => Callback = callback;

    /// <summary>Adds the arguments.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; }
}
