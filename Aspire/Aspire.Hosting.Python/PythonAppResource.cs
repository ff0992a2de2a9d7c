using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>A Python application.</summary>
/// <param name="name">The name.</param>
/// <param name="executablePath">The program that starts it, usually the Python of its virtual environment.</param>
/// <param name="appDirectory">Its folder, a full path.</param>
public class PythonAppResource(string name, string executablePath, string appDirectory)
    : ExecutableResource(name, executablePath, appDirectory), IResourceWithServiceDiscovery;
