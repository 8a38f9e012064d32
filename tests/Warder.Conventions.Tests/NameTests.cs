using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class NameTests
{
    [Fact]
    public void Folders_are_called_by_the_same_nouns() => Keep.Rule(NameRules.Folders(Checkout.Sources, Agreed.FolderNouns));

    [Fact]
    public void Nothing_is_called_a_manager_or_a_helper() => Keep.Rule(NameRules.Vague(Checkout.Files));

    [Fact]
    public void Every_interface_earns_its_place() => Keep.Rule(NameRules.Interfaces(Checkout.Sources), Agreed.ExtensionPoints);

    [Fact]
    public void Another_folder_name_is_found()
    {
        SourceFile[] sources =
        [
            File("src/Warder.Core/Keys/Key.cs"), File("src/Warder.Core/Warder.Core.csproj"), File("src/Warder.Core/Common/Things.cs"),
            File("src/Warder.Core/Keys/impl/Key.cs"), File("src/BannedSymbols.txt"),
        ];

        Assert.Equal(["src/Warder.Core/Common", "src/Warder.Core/Keys/impl"], Places(NameRules.Folders(sources, Agreed.FolderNouns)));
    }

    [Fact]
    public void A_vague_name_is_found()
    {
        SourceFile[] sources =
        [
            File("src/A/KeyManager.cs"), File("src/A/Keys.cs", "class KeyHelper; enum StringUtils { } class ManagementKey;"),
            File("tests/manage.mjs"), File("tests/TestUtils.mjs"),
        ];

        Assert.Equal(
            ["src/A/KeyManager.cs", "src/A/Keys.cs#KeyHelper", "src/A/Keys.cs#StringUtils", "tests/TestUtils.mjs"],
            Places(NameRules.Vague(sources)));
    }

    [Fact]
    public void An_interface_for_one_type_is_found()
    {
        SourceFile[] sources =
        [
            File("src/A/Faces.cs", "interface INone; interface IOne; interface ITwo<T>; interface IByChild; interface IChild : IByChild;"),
            File("src/A/Types.cs", "class A : IOne, ITwo<int>; record B(int X) : ITwo<string>; struct C : IChild; class D : B.IChild;"),
        ];

        Assert.Equal(["INone", "IOne"], Places(NameRules.Interfaces(sources)));
    }
}
