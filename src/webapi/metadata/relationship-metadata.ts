import { type Cascade, type CascadeBehavior, intersectColumns, type TableDefinition } from '../../entities/index.ts'
import { navigationName } from '../model.ts'
import { labelOf, managed } from './label.ts'
import { metadataId } from './metadata-id.ts'
import type { MetadataObject } from './option-set.ts'

const cascades: Readonly<Record<Cascade, string>> = {
  none: 'NoCascade',
  all: 'Cascade',
  removeLink: 'RemoveLink',
  restrict: 'Restrict',
  active: 'Active',
  userOwned: 'UserOwned',
}

const menu = (label: string) => ({
  Behavior: 'UseCollectionName',
  Group: 'Details',
  Order: 10000,
  IsCustomizable: true,
  Icon: null,
  ViewId: '00000000-0000-0000-0000-000000000000',
  AvailableOffline: true,
  MenuId: null,
  QueryApi: null,
  Label: labelOf(label),
})

/** The 1:N relationships in which a table is the many side. */
export function manyToOneOf(table: TableDefinition, tables: readonly TableDefinition[]): MetadataObject[] {
  return Object.entries(table.manyToOne).map(([name, { column, to, behavior }]) => ({
    '@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    MetadataId: metadataId('relationship', name),
    HasChanged: null,
    SchemaName: name,
    RelationshipType: 'OneToManyRelationship',
    ReferencedEntity: to,
    ReferencedAttribute: tables.find(({ logicalName }) => logicalName === to)?.primaryKey ?? `${to}id`,
    ReferencedEntityNavigationPropertyName: name,
    ReferencingEntity: table.logicalName,
    ReferencingAttribute: column,
    ReferencingEntityNavigationPropertyName: navigationName(table, column, to),
    IsCustomRelationship: !table.columns[column]!.standard,
    IsManaged: false,
    IsHierarchical: isHierarchical(table, column, to),
    IsValidForAdvancedFind: true,
    SecurityTypes: 'Append',
    IntroducedVersion: '1.0',
    IsCustomizable: managed('iscustomizable', true),
    CascadeConfiguration: cascadeOf(behavior),
    AssociatedMenuConfiguration: menu(table.displayName),
  }))
}

/** The N:N relationships of a table, declared on it or on the other one. */
export function manyToManyOf(table: TableDefinition, tables: readonly TableDefinition[]): MetadataObject[] {
  return tables.flatMap((other) =>
    Object.entries(other.manyToMany)
      .filter(([, { to }]) => other === table || to === table.logicalName)
      .map(([name, { to, intersect }]) => {
        const [first, second] = intersectColumns(other.logicalName, to)
        return {
          '@odata.type': '#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
          MetadataId: metadataId('relationship', name),
          HasChanged: null,
          SchemaName: name,
          RelationshipType: 'ManyToManyRelationship',
          Entity1LogicalName: other.logicalName,
          Entity1IntersectAttribute: first,
          Entity1NavigationPropertyName: name,
          Entity2LogicalName: to,
          Entity2IntersectAttribute: second,
          Entity2NavigationPropertyName: name,
          IntersectEntityName: intersect,
          IsCustomRelationship: true,
          IsManaged: false,
          IsValidForAdvancedFind: true,
          SecurityTypes: 'None',
          IntroducedVersion: '1.0',
          IsCustomizable: managed('iscustomizable', true),
          Entity1AssociatedMenuConfiguration: menu(other.displayName),
          Entity2AssociatedMenuConfiguration: menu(to),
        }
      }),
  )
}

function isHierarchical(table: TableDefinition, column: string, to: string): boolean {
  const definition = table.columns[column]!
  return to === table.logicalName && definition.type === 'lookup' && definition.hierarchical === true
}

function cascadeOf(behavior: CascadeBehavior): MetadataObject {
  return {
    Assign: cascades[behavior.assign],
    Delete: cascades[behavior.delete],
    Archive: 'NoCascade',
    Merge: cascades[behavior.merge],
    Reparent: cascades[behavior.reparent],
    Share: cascades[behavior.share],
    Unshare: cascades[behavior.unshare],
    RollupView: 'NoCascade',
  }
}
