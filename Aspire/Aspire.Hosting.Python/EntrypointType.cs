namespace Aspire.Hosting.Python;

/// <summary>How a Python application is started.</summary>
public enum EntrypointType
{
    /// <summary>By a program of the virtual environment, such as <c>uvicorn</c>.</summary>
    Executable = 0,

    /// <summary>By a file: <c>python main.py</c>.</summary>
    Script = 1,

    /// <summary>By a module: <c>python -m module</c>.</summary>
    Module = 2,
}
