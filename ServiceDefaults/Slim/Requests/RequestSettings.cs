using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>What a request may take; configuration section <c>Requests</c>.</summary>
public sealed class RequestSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Requests";

    /// <summary>How long an answer may take before the caller gets 504.</summary>
    [TimeRange("00:00:00.001", "1.00:00:00", ErrorMessage = "must be longer than zero and at most one day")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest body in bytes; a larger one is answered with 413.</summary>
    [Range(0L, 1L << 40, ErrorMessage = "must be a number of bytes from 0 to 1099511627776")]
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>The most bytes of all headers together; more are answered with 431.</summary>
    [Range(1024, 1024 * 1024, ErrorMessage = "must be a number of bytes from 1024 to 1048576")]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>The most headers; more are answered with 431.</summary>
    [Range(10, 10_000, ErrorMessage = "must be from 10 to 10000")]
    public int MaxHeaders { get; set; } = 100;

    /// <summary>How long a caller may take to send the headers.</summary>
    [TimeRange("00:00:00.100", "01:00:00", ErrorMessage = "must be from 00:00:00.1 to 01:00:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
