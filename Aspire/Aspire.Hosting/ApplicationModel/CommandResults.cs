namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes the results of commands.</summary>
public static class CommandResults
{
    /// <summary>It did what it was to do.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It did what it was to do.</summary>
    /// <param name="message">What is told to the user.</param>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It did what it was to do, and produced something.</summary>
    /// <param name="message">What is told to the user.</param>
    /// <param name="result">What it produced.</param>
    /// <param name="resultFormat">What <paramref name="result"/> is.</param>
    public static ExecuteCommandResult Success(string message, string result, CommandResultFormat resultFormat = CommandResultFormat.Text) =>
        Success(message, new CommandResultData { Value = result, Format = resultFormat });

    /// <summary>It did what it was to do, and produced something.</summary>
    /// <param name="message">What is told to the user.</param>
    /// <param name="result">What it produced.</param>
    /// <param name="resultFormat">What <paramref name="result"/> is.</param>
    /// <param name="displayImmediately">Whether the dashboard opens it without being asked.</param>
    public static ExecuteCommandResult Success(string message, string result, CommandResultFormat resultFormat, bool displayImmediately) =>
        Success(message, new CommandResultData { Value = result, Format = resultFormat, DisplayImmediately = displayImmediately });

    /// <summary>It did what it was to do, and produced something.</summary>
    /// <param name="message">What is told to the user.</param>
    /// <param name="value">What it produced.</param>
    public static ExecuteCommandResult Success(string message, CommandResultData value) => new() { Success = true, Message = message, Data = value };

    /// <summary>It failed.</summary>
    /// <param name="errorMessage">What is told to the user.</param>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It failed.</summary>
    /// <param name="exception">Its message is told to the user.</param>
    public static ExecuteCommandResult Failure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Failure(exception.Message);
    }

    /// <summary>It failed, but produced something.</summary>
    /// <param name="errorMessage">What is told to the user.</param>
    /// <param name="result">What it produced.</param>
    /// <param name="resultFormat">What <paramref name="result"/> is.</param>
    public static ExecuteCommandResult Failure(string errorMessage, string result, CommandResultFormat resultFormat = CommandResultFormat.Text) =>
        Failure(errorMessage, new CommandResultData { Value = result, Format = resultFormat });

    /// <summary>It failed, but produced something.</summary>
    /// <param name="errorMessage">What is told to the user.</param>
    /// <param name="value">What it produced.</param>
    public static ExecuteCommandResult Failure(string errorMessage, CommandResultData value) => new() { Success = false, Message = errorMessage, Data = value };

    /// <summary>Its user called it off.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}
