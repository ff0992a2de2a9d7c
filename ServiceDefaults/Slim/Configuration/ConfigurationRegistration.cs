using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Configuration;

internal static class ConfigurationRegistration
{
    private static int _endsQuietly;

    public static void AddSettingsValidation(this IServiceCollection services)
    {
        // First of all hosted services: it must speak before another one fails over a wrong setting.
        services.AddHostedService<SettingsValidation>();
        if (Interlocked.Exchange(ref _endsQuietly, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += EndWithoutStackTrace;
        }
    }

    // The runtime would abort, with a dump of the process where dumps are on. The settings are wrong, not the program.
    private static void EndWithoutStackTrace(object sender, UnhandledExceptionEventArgs unhandled)
    {
        if (unhandled.ExceptionObject is InvalidSettingsException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            Environment.Exit(1);
        }
    }
}
