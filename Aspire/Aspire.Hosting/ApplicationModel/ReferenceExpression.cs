using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes for values that are known at run time only; in the manifest each hole is an expression.</summary>
[DebuggerDisplay("{ValueExpression}")]
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = new(string.Empty, [], [], []);

    private readonly string[] _manifestExpressions;

    internal ReferenceExpression(string format, IValueProvider[] valueProviders, string[] manifestExpressions, string?[] stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        _manifestExpressions = manifestExpressions;
        StringFormats = stringFormats;
    }

    /// <summary>The text, as <see cref="string.Format(string, object?[])"/> takes it.</summary>
    public string Format { get; }

    /// <summary>The values for the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>The manifest's expressions for the holes.</summary>
    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    /// <summary>How each value is to be written: <c>uri</c> for percent-encoding (RFC 3986, 2.1), null for as it is.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <summary>The text with the manifest's expressions in its holes.</summary>
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    /// <summary>Makes an expression from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <summary>The text; waits until every value is known.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
        => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The text; waits until every value is known.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (Format.Length == 0)
        {
            return null;
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = Apply(StringFormats[i], value);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    private static string? Apply(string? format, string? value) => (format, value) switch
    {
        (null or "", _) or (_, null) => value,
        ("uri", _) => Uri.EscapeDataString(value),
        _ => throw new FormatException($"The format '{format}' is not supported. Supported formats are 'uri' (encodes a URI component)."),
    };

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount) => _builder = new ReferenceExpressionBuilder();

        /// <summary>Adds text as it is.</summary>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds a value that is known now.</summary>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds a value that is known now, formatted.</summary>
        public readonly void AppendFormatted(string? value, string? format = null) => _builder.AppendFormatted(value, format);

        /// <summary>Adds a value that is known later.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>Adds a value that is known later, formatted.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        /// <summary>Adds a value that is known later.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);

        /// <summary>Adds a value that is known later, formatted.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression Build() => _builder.Build();
    }
}
