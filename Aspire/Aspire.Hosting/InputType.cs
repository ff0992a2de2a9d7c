namespace Aspire.Hosting;

/// <summary>What can be put into a field.</summary>
public enum InputType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Text that is not shown.</summary>
    SecretText,

    /// <summary>One of several values.</summary>
    Choice,

    /// <summary>Yes or no; the value is <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Number,
}
