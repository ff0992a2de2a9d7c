namespace Aspire.Hosting;

/// <summary>What a message is about.</summary>
public enum MessageIntent
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>Something went well.</summary>
    Success = 1,

    /// <summary>Something may go wrong.</summary>
    Warning = 2,

    /// <summary>Something went wrong.</summary>
    Error = 3,

    /// <summary>Something is worth knowing.</summary>
    Information = 4,

    /// <summary>Something is about to be done.</summary>
    Confirmation = 5,
}
