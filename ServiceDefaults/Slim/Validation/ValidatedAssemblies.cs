using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Validation;

/// <summary>
/// What <c>AddServiceDefaults</c> does to have bodies and parameters validated. The framework's source generator writes the validation of an assembly's
/// types at the call of <c>AddValidation</c> in that assembly, so each service makes that call itself, from a file that its build adds.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ValidatedAssemblies
{
    private static readonly Lock Gate = new();
    private static readonly List<Action<IServiceCollection>> Calls = [];

    /// <summary>Called by generated code when an assembly with endpoints is loaded.</summary>
    /// <param name="addValidation">Calls <c>AddValidation</c> in that assembly.</param>
    public static void Add(Action<IServiceCollection> addValidation)
    {
        ArgumentNullException.ThrowIfNull(addValidation);
        lock (Gate)
        {
            Calls.Add(addValidation);
        }
    }

    internal static void AddDefaultValidation(this IServiceCollection services)
    {
        lock (Gate)
        {
            Calls.ForEach(call => call(services));
        }
    }
}
