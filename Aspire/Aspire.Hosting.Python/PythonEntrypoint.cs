using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>What a Python application starts with.</summary>
/// <param name="Type">What kind of thing the target is.</param>
/// <param name="Target">The program, script or module.</param>
internal sealed record PythonEntrypoint(EntrypointType Type, string Target) : IResourceAnnotation
{
    /// <summary>The arguments that come before the application's own.</summary>
    public IReadOnlyList<string> Arguments => Type switch
    {
        EntrypointType.Script => [Target],
        EntrypointType.Module => ["-m", Target],
        _ => [],
    };

    /// <summary>The program of the virtual environment that starts it.</summary>
    public string Program => Type == EntrypointType.Executable ? Target : "python";
}
