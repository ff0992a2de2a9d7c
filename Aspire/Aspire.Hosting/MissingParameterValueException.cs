namespace Aspire.Hosting;

/// <summary>A parameter has no value.</summary>
public class MissingParameterValueException : DistributedApplicationException
{
    /// <summary>Creates the exception.</summary>
    public MissingParameterValueException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public MissingParameterValueException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
