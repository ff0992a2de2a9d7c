using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Puts a <see cref="ReferenceExpression"/> together piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<IValueProvider> _valueProviders = [];
    private readonly List<string> _manifestExpressions = [];
    private readonly List<string?> _stringFormats = [];

    /// <summary>Whether nothing has been added yet.</summary>
    public bool IsEmpty => _text.Length == 0;

    /// <summary>Adds an interpolated string.</summary>
#pragma warning disable CA1822 // The compiler hands this instance to the handler.
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler has written into this builder while the compiler filled it.
    }
#pragma warning restore CA1822

    /// <summary>Adds text as it is; braces stay braces.</summary>
    public void AppendLiteral(string value) => _text.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Adds a value that is known now.</summary>
    public void AppendFormatted(string? value) => AppendLiteral(value ?? string.Empty);

    /// <summary>Adds a value that is known now, formatted: <c>uri</c> percent-encodes it.</summary>
    public void AppendFormatted(string? value, string? format = null)
        => AppendLiteral(format == "uri" ? Uri.EscapeDataString(value ?? string.Empty) : value ?? string.Empty);

    /// <summary>Adds a value that is known later.</summary>
    public void AppendFormatted<T>(T valueProvider)
        where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

    /// <summary>Adds a value that is known later, formatted.</summary>
    public void AppendFormatted<T>(T valueProvider, string? format)
        where T : IValueProvider, IManifestExpressionProvider
    {
        _text.Append(CultureInfo.InvariantCulture, $"{{{_valueProviders.Count}}}");
        _valueProviders.Add(valueProvider);
        _manifestExpressions.Add(valueProvider.ValueExpression);
        _stringFormats.Add(format);
    }

    /// <summary>The expression.</summary>
    public ReferenceExpression Build()
        => new(_text.ToString(), [.. _valueProviders], [.. _manifestExpressions], [.. _stringFormats]);

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        /// <summary>Called by the compiler.</summary>
        public ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
            => _builder = builder;

        /// <summary>Adds text as it is.</summary>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds a value that is known now.</summary>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds a value that is known later.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>Adds a value that is known later, formatted.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        /// <summary>Adds a value that is known later.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);
    }
}
