namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks parameters that name a part of the model.</summary>
public interface IModelNameParameter
{
}
