using System.Text;
using Google.Protobuf.Reflection;

namespace Aspire.Hosting.Dashboard;

/// <summary>Our dashboard_service.proto against the one that the dashboard in use was built from, read out of its binary.</summary>
public sealed class WireContractTests
{
    private const string FileName = "dashboard_service.proto";

    [Fact]
    public async Task Messages_enums_and_calls_are_those_of_the_dashboard()
    {
        await using var dashboard = DashboardUnderTest.Create();
        var theirs = FileDescriptorProto.Parser.ParseFrom(Descriptor(await File.ReadAllBytesAsync(dashboard.Options.Path!)));
        var ours = FileDescriptorProto.Parser.ParseFrom(Wire.DashboardServiceReflection.Descriptor.SerializedData);

        Assert.Equal(theirs.Package, ours.Package);
        Assert.Equal(Describe(theirs), Describe(ours));
    }

    private static IEnumerable<string> Describe(FileDescriptorProto file) =>
        file.MessageType.SelectMany(Describe)
            .Concat(file.EnumType.SelectMany(type => type.Value.Select(value => $"{type.Name} {value.Number} {value.Name}")))
            .Concat(file.Service.SelectMany(service => service.Method.Select(method => $"{service.Name} {method}")))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Describe(DescriptorProto message) =>
        message.NestedType.SelectMany(Describe).Concat(message.Field.Select(field =>
            $"{message.Name} {field.Number} {field.Name} {field.Label} {field.Type} {field.TypeName} {field.Proto3Optional} "
            + (field.HasOneofIndex ? message.OneofDecl[field.OneofIndex].Name : "")));

    /// <summary>
    /// The generated code holds the descriptor as base64 in consecutive string literals. In an assembly these stand one after the other: a length,
    /// UTF-16, one more byte (ECMA-335, II.24.2.4).
    /// </summary>
    private static byte[] Descriptor(byte[] binary)
    {
        // A descriptor begins with field 1, the file's name; as base64 that is how the first literal begins.
        byte[] beginning = [0x0a, (byte)FileName.Length, .. Encoding.ASCII.GetBytes(FileName)];
        var literal = Encoding.Unicode.GetBytes(Convert.ToBase64String(beginning)[..32]);
        var position = binary.AsSpan().IndexOf(literal) - 1;
        Assert.True(position >= 0, "The dashboard's binary holds no descriptor");

        var base64 = new StringBuilder();
        string text;
        do
        {
            var length = binary[position++];
            text = Encoding.Unicode.GetString(binary, position, length - 1);
            base64.Append(text);
            position += length;
        }
        while (text.Length == 60);
        return Convert.FromBase64String(base64.ToString());
    }
}
