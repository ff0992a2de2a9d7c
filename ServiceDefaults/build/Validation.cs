// Compiled into every service that references ServiceDefaults (see ServiceDefaults/build/ServiceDefaults.targets).
using System.Runtime.CompilerServices;

namespace Trellis.ServiceDefaults.Validation;

internal static class ServiceValidation
{
#pragma warning disable CA2255 // The module is the service's own: nothing else can make this call for it.
    [ModuleInitializer]
    internal static void Register() => ValidatedAssemblies.Add(services => services.AddValidation());
#pragma warning restore CA2255
}
