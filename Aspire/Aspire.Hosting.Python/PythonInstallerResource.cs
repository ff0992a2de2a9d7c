using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>Installs the packages of a Python application and ends.</summary>
internal sealed class PythonInstallerResource(PythonAppResource application)
    : ExecutableResource(NameFor(application), "python", application.WorkingDirectory)
{
    public static string NameFor(PythonAppResource application) => $"{application.Name}-installer";
}
