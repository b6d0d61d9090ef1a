<?xml version="1.0" encoding="UTF-8"?>
<!-- What our templates make of a play, as XSLT 1.0, written by hand to be as quick as
     libxslt can be: the peer of the benchmark. Output: the HTML reading view of the
     text, then its notes; byte for byte what templates/html gives. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:tei="http://www.tei-c.org/ns/1.0" xmlns:exsl="http://exslt.org/common"
    exclude-result-prefixes="tei exsl">
  <xsl:output method="html" encoding="UTF-8" indent="no"/>

  <xsl:key name="by-id" match="*[@xml:id]" use="@xml:id"/>

  <!-- Addresses of paragraphs and numbers of notes, found once: xsl:number would walk
       back through the document for each. -->
  <xsl:variable name="places">
    <xsl:for-each select="/tei:TEI/tei:text//tei:p | /tei:TEI/tei:text//tei:ab | /tei:TEI/tei:text//tei:lg">
      <n i="{generate-id()}"><xsl:value-of select="position()"/></n>
    </xsl:for-each>
  </xsl:variable>
  <xsl:variable name="where" select="exsl:node-set($places)"/>
  <xsl:key name="place" match="n" use="@i"/>

  <xsl:template match="/">
    <xsl:apply-templates select="tei:TEI/tei:text"/>
    <xsl:apply-templates select="tei:TEI/tei:text//tei:note" mode="list"/>
  </xsl:template>

  <!-- Attributes: ids, languages, renditions; all others are not shown. -->
  <xsl:template match="@*"/>
  <xsl:template match="@xml:id"><xsl:attribute name="id"><xsl:value-of select="."/></xsl:attribute></xsl:template>
  <xsl:template match="@xml:lang"><xsl:attribute name="lang"><xsl:value-of select="."/></xsl:attribute></xsl:template>
  <xsl:template match="tei:l/@n"><xsl:attribute name="data-n"><xsl:value-of select="."/></xsl:attribute></xsl:template>

  <!-- Blocks -->
  <xsl:template match="tei:text | tei:front | tei:body | tei:back | tei:castList | tei:castGroup
      | tei:castItem | tei:dateline | tei:docDate | tei:docImprint | tei:docTitle | tei:epigraph
      | tei:set | tei:signed | tei:sp | tei:speaker | tei:titlePage | tei:titlePart
      | tei:trailer | tei:l">
    <div class="{local-name()}"><xsl:apply-templates select="@*"/><xsl:apply-templates/></div>
  </xsl:template>
  <xsl:template match="tei:div">
    <div class="div">
      <xsl:if test="@type"><xsl:attribute name="class">div div-<xsl:value-of select="@type"/></xsl:attribute></xsl:if>
      <xsl:apply-templates select="@*"/><xsl:apply-templates/></div>
  </xsl:template>

  <!-- Inline -->
  <xsl:template match="tei:actor | tei:docAuthor | tei:pubPlace | tei:publisher | tei:role | tei:roleDesc">
    <span class="{local-name()}"><xsl:apply-templates select="@*"/><xsl:apply-templates/></span>
  </xsl:template>
  <xsl:template match="tei:emph"><em class="emph"><xsl:apply-templates select="@*"/><xsl:apply-templates/></em></xsl:template>
  <xsl:template match="tei:foreign"><i class="foreign"><xsl:apply-templates select="@*"/><xsl:apply-templates/></i></xsl:template>
  <xsl:template match="tei:date[@when]"><time class="date" datetime="{@when}"><xsl:apply-templates select="@*"/><xsl:apply-templates/></time></xsl:template>
  <xsl:template match="tei:date"><span class="date"><xsl:apply-templates select="@*"/><xsl:apply-templates/></span></xsl:template>

  <!-- Inline where the parent holds text, else blocks -->
  <xsl:template match="tei:stage | tei:bibl">
    <xsl:choose>
      <xsl:when test="../text()[normalize-space()]">
        <span class="{local-name()}"><xsl:apply-templates select="@*"/><xsl:apply-templates/></span>
      </xsl:when>
      <xsl:otherwise>
        <div class="{local-name()}"><xsl:apply-templates select="@*"/><xsl:apply-templates/></div>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What has an address -->
  <xsl:template name="address">
    <xsl:variable name="ident" select="generate-id()"/>
    <xsl:attribute name="id">
      <xsl:text>par-</xsl:text>
      <xsl:for-each select="$where"><xsl:value-of select="key('place', $ident)"/></xsl:for-each>
    </xsl:attribute>
    <xsl:apply-templates select="@*"/>
  </xsl:template>
  <xsl:template match="tei:p">
    <p class="p"><xsl:call-template name="address"/><xsl:apply-templates/></p>
  </xsl:template>
  <xsl:template match="tei:lg">
    <div class="lg"><xsl:call-template name="address"/><xsl:apply-templates/></div>
  </xsl:template>

  <!-- A heading's level is the depth of its division. -->
  <xsl:template match="tei:head">
    <xsl:variable name="depth" select="count(ancestor::tei:div)"/>
    <xsl:choose>
      <xsl:when test="parent::tei:castList or parent::tei:castGroup or parent::tei:lg">
        <div class="head"><xsl:apply-templates select="@*"/><xsl:apply-templates/></div>
      </xsl:when>
      <xsl:when test="$depth = 0"><h2 class="head"><xsl:apply-templates select="@*"/><xsl:apply-templates/></h2></xsl:when>
      <xsl:otherwise>
        <xsl:element name="h{$depth + 1}"><xsl:attribute name="class">head</xsl:attribute><xsl:apply-templates select="@*"/><xsl:apply-templates/></xsl:element>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="tei:pb">
    <xsl:text disable-output-escaping="yes">&lt;wbr/&gt;</xsl:text>
    <xsl:choose>
      <xsl:when test="@n"><span class="pb" role="doc-pagebreak" title="Page {@n}" data-n="{@n}"></span></xsl:when>
      <xsl:otherwise><span class="pb" role="doc-pagebreak" title="A page of the source ends here"></span></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="tei:note">
    <xsl:variable name="n"><xsl:number level="any" from="tei:text"/></xsl:variable>
    <a class="noteref added" id="ref-{$n}" href="#note-{$n}" role="doc-noteref"><xsl:value-of select="$n"/></a>
  </xsl:template>
  <xsl:template match="tei:note" mode="list">
    <div class="note-body" id="note-{position()}" role="doc-footnote"><a class="noteback added" href="#ref-{position()}" role="doc-backlink" aria-label="back to the text at note {position()}"><xsl:value-of select="position()"/></a><xsl:text> </xsl:text><xsl:apply-templates/></div>
  </xsl:template>
</xsl:stylesheet>
