using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Tests.Python;

/// <summary>A test that needs Python with its module venv; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Complaint = new(Find);

    public PythonFactAttribute() => Skip = Complaint.Value;

    private static string? Find()
    {
        const string Advice = "Python with its module venv is not installed (Debian: python3-venv)";
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import venv, ensurepip"])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0 ? null : Advice;
        }
        catch (Win32Exception)
        {
            return Advice;
        }
    }
}
