using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>Makes the virtual environment of a Python application and ends.</summary>
internal sealed class PythonVenvCreatorResource(PythonAppResource application)
    : ExecutableResource(NameFor(application), "python3", application.WorkingDirectory)
{
    public static string NameFor(PythonAppResource application) => $"{application.Name}-venv-creator";
}
