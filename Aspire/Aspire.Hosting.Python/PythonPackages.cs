using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>How the packages of a Python application are installed.</summary>
/// <param name="UsesUv">With uv, which makes the virtual environment too; else with the pip of the virtual environment.</param>
/// <param name="Arguments">The command's arguments.</param>
internal sealed record PythonPackages(bool UsesUv, IReadOnlyList<string> Arguments) : IResourceAnnotation;
