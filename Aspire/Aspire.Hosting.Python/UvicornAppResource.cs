namespace Aspire.Hosting.Python;

/// <summary>A Python web application (ASGI) that uvicorn serves.</summary>
/// <param name="name">The name.</param>
/// <param name="executablePath">The path of uvicorn.</param>
/// <param name="appDirectory">Its folder, a full path.</param>
public class UvicornAppResource(string name, string executablePath, string appDirectory)
    : PythonAppResource(name, executablePath, appDirectory);
