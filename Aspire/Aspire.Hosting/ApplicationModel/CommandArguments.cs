using System.Globalization;
using Aspire.Hosting.Interactions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What somebody gave to a command, by name or by place, before it is known what the command takes.</summary>
internal sealed class CommandArguments
{
    private readonly KeyValuePair<string?, string?>[] _given;

    private CommandArguments(IEnumerable<KeyValuePair<string?, string?>> given) => _given = [.. given];

    /// <summary>Nothing was given.</summary>
    public static CommandArguments None { get; } = new([]);

    public bool IsEmpty => _given.Length == 0;

    public static CommandArguments ByName(IEnumerable<KeyValuePair<string, string?>> given) =>
        new(given.Select(argument => KeyValuePair.Create<string?, string?>(argument.Key, argument.Value)));

    public static CommandArguments ByPlace(IEnumerable<string?> given) => new(given.Select(value => KeyValuePair.Create<string?, string?>(null, value)));

    public static CommandArguments From(InteractionInputCollection given) =>
        ByName(given.Select(input => KeyValuePair.Create(input.Name, input.Value)));

    /// <summary>Puts the values into the command's inputs. The inputs are copies: every run has its own.</summary>
    /// <returns>The inputs; else what is wrong with which argument.</returns>
    public (InteractionInputCollection Inputs, string? Complaint) Bind(ResourceCommandAnnotation command)
    {
        var inputs = new InteractionInputCollection([.. command.Arguments.Select(input => input.Copy())]);
        for (var place = 0; place < _given.Length; place++)
        {
            var (name, value) = _given[place];
            var input = name is null ? inputs.ElementAtOrDefault(place) : inputs.TryGetByName(name, out var named) ? named : null;
            if (input is null)
            {
                return (inputs, name is null
                    ? $"it takes {inputs.Count.ToString(CultureInfo.InvariantCulture)} arguments, and '{value}' is one more."
                    : $"it has no argument '{name}'.");
            }

            // An input that is filled from others may be switched on by them; it is looked at again when they have been.
            if (input is { Disabled: true, DynamicLoading: null } && value != input.Value)
            {
                return (inputs, $"its argument '{input.Name}' cannot be set.");
            }

            input.Value = value;
        }

        return (inputs, null);
    }

    /// <summary>Fills the inputs that depend on others, in their order, and checks the values.</summary>
    /// <returns>What is wrong with which argument; null when nothing is.</returns>
    public static async Task<string?> CheckAsync(
        ResourceCommandAnnotation command, InteractionInputCollection inputs, IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var input in inputs.Where(input => input.DynamicLoading is { } loading && CanLoad(loading, inputs)))
        {
            await input.DynamicLoading!.LoadCallback(new LoadInputContext
            {
                Input = input,
                AllInputs = inputs,
                Services = services,
                CancellationToken = cancellationToken,
            }).ConfigureAwait(false);
        }

        if (await InputValidation.CheckArgumentsAsync(inputs, command.ValidateArguments, services, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return string.Join(' ', inputs.SelectMany(input => input.ValidationErrors.Select(error => $"argument '{input.Name}': {error}")));
    }

    private static bool CanLoad(InputLoadOptions loading, InteractionInputCollection inputs) =>
        loading.AlwaysLoadOnStart
        || loading.DependsOnInputs is not { Count: > 0 } names
        || names.All(name => inputs.TryGetByName(name, out var input) && !string.IsNullOrEmpty(input.Value));
}
